/* Runs lastknown.h in a Java virtual machine: main CLASSES STATE prints the outcome, the place, how often the person was asked, and
   whether an exception was left behind. */
#include <stdio.h>
#include <string.h>

#include "../lastknown.h"

int main(int argc, char **argv) {
	char classes[4096];
	if (argc != 3) return 2;
	snprintf(classes, sizeof classes, "-Djava.class.path=%s", argv[1]);
	JavaVMOption options[] = {{.optionString = classes}, {.optionString = "-Xcheck:jni"}};
	JavaVMInitArgs args = {.version = JNI_VERSION_1_6, .nOptions = 2, .options = options};
	JavaVM *vm;
	JNIEnv *env;
	if (JNI_CreateJavaVM(&vm, (void **)&env, &args) != JNI_OK) return 3;
	jclass class = (*env)->FindClass(env, "android/app/Activity");
	jmethodID new = (*env)->GetMethodID(env, class, "<init>", "(Ljava/lang/String;)V");
	jobject activity = (*env)->NewObject(env, class, new, (*env)->NewStringUTF(env, argv[2]));
	struct parvis_place place = {0};
	int outcome = PARVIS_FAILED;
	for (int i = 0; i < 1000; i++) outcome = parvis_last_known(env, activity, &place); /* more than local references would last for */
	jint asked = (*env)->GetIntField(env, activity, (*env)->GetFieldID(env, class, "asked", "I"));
	/* the machine's own complaints go to standard output */
	fprintf(stderr, "%d %.4f %.4f %.0f %lld %d %d\n", outcome, place.latitude, place.longitude, place.accuracy, place.at, asked, (*env)->ExceptionCheck(env));
	return 0;
}
