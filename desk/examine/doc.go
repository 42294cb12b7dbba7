// Package examine looks at one piece of evidence with all instruments there
// are: what the file says of itself, whether it was made from one of the
// order's pictures, whether it was also filed elsewhere, and for a video the
// same of its key frames. It implements desk.Examiner.
//
// It reads bytes and answers findings. It changes nothing of a claim, decides
// nothing, and does not know the rules. What it has worked out is kept by the
// content compared and the version of the detectors, so that no pair of
// pictures is compared twice.
package examine
