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
	{Product{"box", "Electric kettle, boxed", "电热水壶（整箱）"}, 32, 18, kettleBox},
	{Product{"bear", "Plush bear", "毛绒小熊"}, 14, 10, bear},
	{Product{"fruit", "Bowl of fresh fruit", "时令水果拼篮"}, 10, 27, fruit},
	{Product{"shoe", "Knit running shoe", "飞织跑鞋"}, 62, 17, shoe},
	{Product{"vase", "Blue-and-white porcelain vase", "青花瓷瓶"}, 8, 9, vase},
	{Product{"book", "Hardback picture book", "精装图册"}, 26, 30, book},
	{Product{"tin", "Tea tin", "茶叶罐"}, -12, 15, tin},
}
