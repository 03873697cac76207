package export

import "bytes"

// page is what a visit showed, as the files name it.
type page struct {
	name  []byte // the question's column, or the path of the group whose questions were shown
	index []int
	known bool // the question has a column, so its answers are exported
}

// namePages finds the names once, for all files that tell of visits.
func (r *renderer) namePages() {
	r.pages = r.pages[:0]
	for i := range r.row.visits {
		v := &r.row.visits[i]
		var p page
		p.name, p.index, p.known = r.column(v.question)
		if len(v.group) > 0 {
			p.name, p.index = v.group, nil
			if bytes.IndexByte(v.group, '[') >= 0 {
				p.name, p.index = positions(v.group)
			}
		}
		r.pages = append(r.pages, p)
	}
}

// question turns a reference such as /data/visits[1]/bought into the column's name and the position in the repeats, counted from
// 1. What has no column keeps its path.
func (r *renderer) question(ref []byte) (name []byte, index []int) {
	name, index, _ = r.column(ref)
	return name, index
}

// column is question, and whether there is a column.
func (r *renderer) column(ref []byte) (name []byte, index []int, known bool) {
	if bytes.IndexByte(ref, '[') >= 0 {
		ref, index = positions(ref)
	}
	if column, ok := r.layout.columns[string(ref)]; ok {
		return column, index, true
	}
	return ref, index, false
}
