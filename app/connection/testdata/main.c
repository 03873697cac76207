/* Runs metered.h in a Java virtual machine: main CLASSES STATE prints the outcome, and whether an exception was left behind. */
#include <stdio.h>

#include "../metered.h"

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
	int outcome = PARVIS_NOT_KNOWN;
	for (int i = 0; i < 1000; i++) outcome = parvis_metered(env, activity); /* more than local references would last for */
	/* the machine's own complaints go to standard output */
	fprintf(stderr, "%d %d\n", outcome, (*env)->ExceptionCheck(env));
	return 0;
}
