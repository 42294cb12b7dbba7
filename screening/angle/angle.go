// Package angle asks one photo of the goods about another: is the damage that
// this one shows also there from the side? It finds the surface that both
// pictures show, carries a marked place from one to the other along it, and
// compares what is seen there.
//
// It compares pixels with pixels under the geometry that a rigid thing has. It
// does not find damage, knows no claims and no parties, and a place that the
// other picture does not show, or not well enough, is no finding against
// anybody.
package angle
