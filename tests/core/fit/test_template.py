"""What of the template is fitted."""

from clip_head.core.fit.template import FitTemplate


def test_what_lies_in_the_open_is_fitted_and_what_no_hair_hides_is_bare(fit_template: FitTemplate) -> None:
    masks, exposed, bare = fit_template.network.region_masks, fit_template.exposed, fit_template.bare
    assert exposed[masks["nose"]].mean() > 0.9
    assert exposed[masks["ears"]].mean() > 0.9
    assert exposed[masks["scalp"]].mean() > 0.9
    assert 0.1 < exposed[masks["left_eyelids"]].mean() < 0.6, "without the lids' inner rings"
    for name in ("mouth", "left_eye", "right_eye"):
        assert not exposed[masks[name]].any()
    assert bare[masks["nose"]].mean() > 0.8
    assert not bare[masks["scalp"]].any()
    assert not bare[masks["ears"]].any()
    assert not bare[masks["chin"]].any(), "beards grow there"
    assert not (bare & ~exposed).any()
