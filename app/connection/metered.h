/* Whether Android's network in use is metered, through JNI alone: no Java of our own, and nothing but <jni.h>, so that a test can run
   it in any Java virtual machine. Calls used: Context.getSystemService, ConnectivityManager.isActiveNetworkMetered (API 16), which
   needs the permission ACCESS_NETWORK_STATE that is given when the app is installed. */
#ifndef PARVIS_METERED_H
#define PARVIS_METERED_H

#include <jni.h>

enum { PARVIS_METERED, PARVIS_FREE, PARVIS_NOT_KNOWN };

/* An exception that stays pending would end the app at its next call. */
static int parvis_thrown(JNIEnv *env) {
	if (!(*env)->ExceptionCheck(env)) return 0;
	(*env)->ExceptionClear(env);
	return 1;
}

static jmethodID parvis_call(JNIEnv *env, jobject of, const char *name, const char *signature) {
	jmethodID id = (*env)->GetMethodID(env, (*env)->GetObjectClass(env, of), name, signature);
	return parvis_thrown(env) ? 0 : id;
}

static jobject parvis_connectivity(JNIEnv *env, jobject activity) {
	jmethodID service = parvis_call(env, activity, "getSystemService", "(Ljava/lang/String;)Ljava/lang/Object;");
	if (!service) return 0;
	jobject manager = (*env)->CallObjectMethod(env, activity, service, (*env)->NewStringUTF(env, "connectivity"));
	return parvis_thrown(env) ? 0 : manager;
}

static int parvis_metered(JNIEnv *env, jobject activity) {
	if ((*env)->PushLocalFrame(env, 16) < 0) return PARVIS_NOT_KNOWN;
	int outcome = PARVIS_NOT_KNOWN;
	jobject manager = parvis_connectivity(env, activity);
	jmethodID metered = manager ? parvis_call(env, manager, "isActiveNetworkMetered", "()Z") : 0;
	if (metered) {
		jboolean answer = (*env)->CallBooleanMethod(env, manager, metered);
		if (!parvis_thrown(env)) outcome = answer ? PARVIS_METERED : PARVIS_FREE;
	}
	(*env)->PopLocalFrame(env, 0);
	return outcome;
}

#endif
