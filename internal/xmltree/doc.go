// Package xmltree holds XML documents as trees of nodes: it parses them under
// limits, lets them be changed, and writes them again.
//
// It knows XML 1.0 with namespaces and nothing else. It must not know forms,
// expressions, files or the network.
//
// Two decisions keep trees small and quick, since a list of choices may have a
// hundred thousand items:
//
//   - An element whose whole content is text keeps that text in Value and has
//     no Children. Text nodes exist only in mixed content (text beside elements,
//     comments or instructions). Use [Node.Text], [Node.SetText] and
//     [Node.Content], which hide the difference.
//   - Every node knows its place among its siblings, so document order is
//     compared without numbering the tree (see [Compare]). Change Children and
//     Attrs through the methods only.
//
// Namespace declarations are not attributes here: they stand in Namespaces.
//
// A tree that nobody changes may be read from any number of goroutines.
// DOCTYPE and entities other than the five of XML and character references are
// refused, which closes the door on entity expansion.
package xmltree
