"""weights/embedded/texture/skin_detail.npz: pores, brow hairs, wrinkles, and the words that ask for marks."""
