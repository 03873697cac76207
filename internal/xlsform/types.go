package xlsform

// typeSpec is what a question type stands for in an XForm. An empty control
// means that nothing is shown.
type typeSpec struct {
	control   string
	mediatype string
	bind      [][2]string
	hint      string
}

func shown(control, bindType string) (typeSpec, bool) {
	return typeSpec{control: control, bind: [][2]string{{"type", bindType}}}, true
}

func upload(mediatype string) (typeSpec, bool) {
	return typeSpec{control: "upload", mediatype: mediatype, bind: [][2]string{{"type", "binary"}}}, true
}

func preload(bindType, kind, param string) (typeSpec, bool) {
	return typeSpec{bind: [][2]string{{"jr:preload", kind}, {"type", bindType}, {"jr:preloadParams", param}}}, true
}

// number is an input for whole numbers in a range, with its hint.
func boundedNumber(constraint, hint string) (typeSpec, bool) {
	return typeSpec{control: "input", hint: hint, bind: [][2]string{{"type", "int"}, {"constraint", constraint}}}, true
}

// questionType looks a type up, by its name today or by any name it ever had.
func questionType(name string) (typeSpec, bool) {
	if spec, ok := inputType(name); ok {
		return spec, ok
	}
	if spec, ok := preloadType(name); ok {
		return spec, ok
	}
	switch name {
	case "photo", "image", "q picture", "q image", "add image prompt", "add photo prompt":
		return upload("image/*")
	case "audio", "q audio", "add audio prompt":
		return upload("audio/*")
	case "video", "q video", "add video prompt":
		return upload("video/*")
	case "file", "add file prompt":
		return upload("application/*")
	case "osm":
		return upload("osm/*")
	case "trigger":
		return typeSpec{control: "trigger"}, true
	case "acknowledge", "q acknowledge", "add acknowledge prompt":
		return shown("trigger", "string")
	case "select one", "select one using", "add select one prompt using", "q select1":
		return shown("select1", "string")
	case "select all that apply", "select all that apply from", "select multiple from",
		"select multiple using", "add select multiple prompt using", "q select":
		return shown("select", "string")
	case "rank":
		return shown("odk:rank", "odk:rank")
	case "range":
		return shown("range", "int")
	case "calculate", "q calculate", "add calculate prompt", "hidden":
		return shown("", "string")
	case "audit", "background-audio":
		return shown("", "binary")
	case "start-geopoint", "background-geopoint":
		return shown("", "geopoint")
	}
	return typeSpec{}, false
}

func inputType(name string) (typeSpec, bool) {
	switch name {
	case "text", "string", "q string", "add text prompt", selectOneExternal:
		return shown("input", "string")
	case "integer", "int", "q int", "add integer prompt":
		return shown("input", "int")
	case "decimal", "q decimal", "add decimal prompt":
		return shown("input", "decimal")
	case "date", "q date", "add date prompt":
		return shown("input", "date")
	case "time":
		return shown("input", "time")
	case "dateTime", "datetime", "date time", "q dateTime", "q date time", "add dateTime prompt", "add date time prompt":
		return shown("input", "dateTime")
	case "barcode", "q barcode", "add barcode prompt":
		return shown("input", "barcode")
	case "geopoint", "location", "q location", "q geopoint", "add location prompt", "gps":
		return shown("input", "geopoint")
	case "geoshape", "geotrace":
		return shown("input", name)
	case "note", "q note", "add note prompt":
		return typeSpec{control: "input", bind: [][2]string{{"readonly", "true()"}, {"type", "string"}}}, true
	case "phone number":
		return typeSpec{control: "input", hint: "Enter numbers only.",
			bind: [][2]string{{"type", "string"}, {"constraint", `regex(., '^\d*$')`}}}, true
	case "percentage":
		return boundedNumber("0 <= . and . <= 100", "")
	case "number of days in last month":
		return boundedNumber("0 <= . and . <= 31", "Enter a number 0-31.")
	case "number of days in last six months":
		return boundedNumber("0 <= . and . <= 183", "Enter a number 0-183.")
	case "number of days in last year":
		return boundedNumber("0 <= . and . <= 365", "Enter a number 0-365.")
	}
	return typeSpec{}, false
}

func preloadType(name string) (typeSpec, bool) {
	switch name {
	case "start", "start time", "get start time":
		return preload("dateTime", "timestamp", "start")
	case "end", "end time", "get end time":
		return preload("dateTime", "timestamp", "end")
	case "today", "get today":
		return preload("date", "date", "today")
	case "deviceid", "imei", "device id", "get device id":
		return preload("string", "property", "deviceid")
	case "subscriberid", "subscriber id", "get subscriber id":
		return preload("string", "property", "subscriberid")
	case "simserial", "sim id", "get sim id":
		return preload("string", "property", "simserial")
	case "phonenumber", "get phone number":
		return preload("string", "property", "phonenumber")
	case "username", "email", "uri:subscriberid", "uri:phonenumber", "uri:simserial",
		"uri:deviceid", "uri:username", "uri:email":
		return preload("string", "property", name)
	}
	return typeSpec{}, false
}

// typeAlias maps the names of types that need their own treatment to one.
func typeAlias(t string) string {
	switch t {
	case "imei":
		return "deviceid"
	case "image", "add image prompt", "add photo prompt":
		return "photo"
	case "add audio prompt":
		return "audio"
	case "add video prompt":
		return "video"
	case "add file prompt":
		return "file"
	}
	return t
}

const (
	selectOne         = "select one"
	selectMultiple    = "select all that apply"
	selectOneExternal = "select one external"
)
