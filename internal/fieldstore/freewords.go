package fieldstore

// packWords and unpackWords are the one way by which an interviewer's free words of a shift go into the file and come out of it.
func packWords(words string) []byte {
	if words == "" {
		return []byte{}
	}
	return pack([]byte(words))
}

func unpackWords(packed []byte) (string, error) {
	if len(packed) == 0 {
		return "", nil
	}
	words, err := unpack(packed)
	return string(words), err
}
