package delivery

// Incoming is one record as it was sent. Where Err is set, the record could not be read: then Record holds what could be made out
// of it and Whole all its bytes.
type Incoming struct {
	Record
	Whole []byte // the record's JSON as it came
	Err   error
}
