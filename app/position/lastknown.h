/* The last location that Android knows, through JNI alone: no Java of our own, and nothing but <jni.h>, so that a test can run it
   in any Java virtual machine. Calls used: Context.checkSelfPermission, Activity.requestPermissions (API 23),
   Context.getSystemService, LocationManager.getLastKnownLocation, Location.getLatitude, getLongitude, getAccuracy, getTime. */
#ifndef PARVIS_LASTKNOWN_H
#define PARVIS_LASTKNOWN_H

#include <jni.h>

enum { PARVIS_KNOWN, PARVIS_ASKED, PARVIS_UNKNOWN, PARVIS_FAILED };

struct parvis_place {
	double latitude, longitude, accuracy;
	long long at; /* milliseconds UTC */
};

/* An exception that stays pending would end the app at its next call. */
static int parvis_threw(JNIEnv *env) {
	if (!(*env)->ExceptionCheck(env)) return 0;
	(*env)->ExceptionClear(env);
	return 1;
}

static jmethodID parvis_method(JNIEnv *env, jobject of, const char *name, const char *signature) {
	jclass class = (*env)->GetObjectClass(env, of);
	jmethodID id = (*env)->GetMethodID(env, class, name, signature);
	(*env)->DeleteLocalRef(env, class);
	return parvis_threw(env) ? 0 : id;
}

static jobject parvis_text(JNIEnv *env, const char *text) { return (*env)->NewStringUTF(env, text); }

/* Before API 23 permissions are given when the app is installed. */
static int parvis_permitted(JNIEnv *env, jobject activity, jobject permission) {
	jmethodID check = parvis_method(env, activity, "checkSelfPermission", "(Ljava/lang/String;)I");
	if (!check) return 1;
	jint answer = (*env)->CallIntMethod(env, activity, check, permission);
	return !parvis_threw(env) && answer == 0;
}

static void parvis_request(JNIEnv *env, jobject activity, jobject permission) {
	jmethodID ask = parvis_method(env, activity, "requestPermissions", "([Ljava/lang/String;I)V");
	if (!ask) return;
	jclass string = (*env)->FindClass(env, "java/lang/String");
	jobjectArray wanted = (*env)->NewObjectArray(env, 1, string, permission);
	if (wanted) (*env)->CallVoidMethod(env, activity, ask, wanted, (jint)1);
	parvis_threw(env);
}

static double parvis_double(JNIEnv *env, jobject of, const char *name, int *read) {
	jmethodID get = parvis_method(env, of, name, "()D");
	double value = get ? (*env)->CallDoubleMethod(env, of, get) : 0;
	*read = *read && get && !parvis_threw(env);
	return value;
}

static int parvis_read(JNIEnv *env, jobject at, struct parvis_place *to) {
	int read = 1;
	to->latitude = parvis_double(env, at, "getLatitude", &read);
	to->longitude = parvis_double(env, at, "getLongitude", &read);
	jmethodID accuracy = parvis_method(env, at, "getAccuracy", "()F");
	to->accuracy = accuracy ? (*env)->CallFloatMethod(env, at, accuracy) : 0;
	read = read && !parvis_threw(env);
	jmethodID time = parvis_method(env, at, "getTime", "()J");
	to->at = time ? (*env)->CallLongMethod(env, at, time) : 0;
	return read && time && !parvis_threw(env);
}

/* The newest of what the providers know; none is asked to look anew. */
static int parvis_newest(JNIEnv *env, jobject manager, struct parvis_place *to) {
	static const char *providers[] = {"fused", "gps", "network", "passive"};
	jmethodID last = parvis_method(env, manager, "getLastKnownLocation", "(Ljava/lang/String;)Landroid/location/Location;");
	int known = 0;
	if (!last) return PARVIS_FAILED;
	for (unsigned i = 0; i < sizeof providers / sizeof *providers; i++) {
		jobject provider = parvis_text(env, providers[i]);
		jobject at = (*env)->CallObjectMethod(env, manager, last, provider);
		int threw = parvis_threw(env); /* a provider this device does not have */
		(*env)->DeleteLocalRef(env, provider);
		if (threw || !at) continue;
		struct parvis_place place;
		if (parvis_read(env, at, &place) && (!known || place.at > to->at)) {
			*to = place;
			known = 1;
		}
		(*env)->DeleteLocalRef(env, at);
	}
	return known ? PARVIS_KNOWN : PARVIS_UNKNOWN;
}

static int parvis_last_known(JNIEnv *env, jobject activity, struct parvis_place *to) {
	if ((*env)->PushLocalFrame(env, 32) < 0) return PARVIS_FAILED;
	int outcome = PARVIS_FAILED;
	jobject permission = parvis_text(env, "android.permission.ACCESS_FINE_LOCATION");
	if (!parvis_permitted(env, activity, permission)) {
		parvis_request(env, activity, permission);
		outcome = PARVIS_ASKED;
	} else {
		jmethodID service = parvis_method(env, activity, "getSystemService", "(Ljava/lang/String;)Ljava/lang/Object;");
		jobject manager = service ? (*env)->CallObjectMethod(env, activity, service, parvis_text(env, "location")) : 0;
		if (!parvis_threw(env) && manager) outcome = parvis_newest(env, manager, to);
	}
	(*env)->PopLocalFrame(env, 0);
	return outcome;
}

#endif
