package samples

// entry is one product with what the camera needs to draw it.
type entry struct {
	Product
	// yaw and elevation (degrees) are the shop's favourite view.
	yaw, elevation float64
	build          func(unit uint64) *model
}

// catalogue is a table of constants: the products in their fixed order.
var catalogue = []entry{
	{Product{"mug", "Stoneware mug with printed band", "印花粗陶马克杯"}, -24, 16, mug},
}
