//go:build android

package connection

/*
#include <stdint.h>
#include "metered.h"

static int parvis_ask(uintptr_t env, uintptr_t activity) { return parvis_metered((JNIEnv *)env, (jobject)activity); }
*/
import "C"

import "fyne.io/fyne/v2/driver"

// System tells whether the network in use is metered, and whether that is known. Where there is no network the system says that it
// is metered.
func System() func() (metered, known bool) { return ask }

func ask() (metered, known bool) {
	err := driver.RunNative(func(native any) error {
		if at, ok := native.(*driver.AndroidContext); ok {
			switch C.parvis_ask(C.uintptr_t(at.Env), C.uintptr_t(at.Ctx)) {
			case C.PARVIS_METERED:
				metered, known = true, true
			case C.PARVIS_FREE:
				known = true
			}
		}
		return nil
	})
	return metered, known && err == nil
}
