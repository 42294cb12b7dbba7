package evidence

// The codes of findings that come from laying two photos of the goods beside
// each other.
const (
	AngleConsistent   Code = "angle.consistent"   // the damage is there from another side
	AngleInconsistent Code = "angle.inconsistent" // it is not
	AngleUnseen       Code = "angle.unseen"       // the other photo cannot tell
)

// The codes of findings that come from examining evidence as work at the desk.
const (
	ReuseSameCapture Code = "reuse.same_capture" // also filed elsewhere
	// ReferenceSharedGraphics: drawn graphics in common, and nothing photographed.
	ReferenceSharedGraphics Code = "reference.shared_graphics"
	// ReferenceBeside: the reference stands in the claim as a picture of its
	// own, beside another.
	ReferenceBeside Code = "reference.side_by_side"
	// ReferenceUnreadable: a picture to compare with could not be read.
	ReferenceUnreadable Code = "reference.unreadable"
	// VideoFrames: key frames of a video were looked at; Measured counts them.
	VideoFrames Code = "video.frames"
	// VideoUnseen: nobody looked at a video's pictures; the text says why.
	VideoUnseen Code = "video.unseen"
)
