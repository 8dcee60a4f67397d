package dev.heddle.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/**
 * A listener for SIGQUIT, which the JVM keeps for its thread dump and gives to no handler of Java code. After its dump
 * the JVM sends the event DataDumpRequest, made for this, to those who use the JVM Tool Interface; and that can be
 * called without native code of one's own.
 *
 * <p>It has a price. From the moment somebody uses this interface in a running JVM, HotSpot takes note of each mount
 * and unmount of virtual threads, until the process ends. So it is for those who ask for it.
 *
 * <p>Names, numbers and layouts: JVM Tool Interface 1.2 ({@code jvmti.h}) and the invocation API of JNI ({@code
 * jni.h}). The functions of both stand in tables, here by their places.
 */
@SuppressWarnings("restricted") // whether native access is allowed is asked first
public final class DataDumps {

    private static final int OK = 0;
    private static final int JVMTI_VERSION_1_2 = 0x30010200;
    private static final int JVMTI_ENABLE = 1;
    private static final int JVMTI_EVENT_VM_INIT = 50;
    private static final int JVMTI_EVENT_DATA_DUMP_REQUEST = 71;

    /** In {@code JNIInvokeInterface}, counted from 0. */
    private static final int GET_ENV = 6;

    /** In {@code jvmtiInterface}, whose functions are numbered from 1. */
    private static final int SET_EVENT_NOTIFICATION_MODE = 2 - 1;

    private static final int SET_EVENT_CALLBACKS = 122 - 1;

    /** {@code jvmtiEventCallbacks} begins with VMInit; the JVM takes a shorter struct, and reads the rest as empty. */
    private static final int DATA_DUMP_CALLBACK = JVMTI_EVENT_DATA_DUMP_REQUEST - JVMTI_EVENT_VM_INIT;

    private DataDumps() {}

    /**
     * Runs an action on a thread of its own each time the process gets SIGQUIT. To be called once.
     *
     * @throws IllegalStateException if this JVM or system cannot do it, or native access is not allowed
     */
    public static void onRequest(Runnable onDump) {
        if (!DataDumps.class.getModule().isNativeAccessEnabled()) {
            throw new IllegalStateException(
                    "add --enable-native-access=ALL-UNNAMED (or dev.heddle.core) to the java command");
        }
        try {
            register(onDump);
        } catch (Throwable e) {
            throw new IllegalStateException("this JVM has no JVM Tool Interface: " + e, e);
        }
    }

    private static void register(Runnable onDump) throws Throwable {
        AddressLayout pointer = ADDRESS.withTargetLayout(ADDRESS);
        Linker linker = Linker.nativeLinker();
        Arena forEver = Arena.global();
        Path jvm = Path.of(System.getProperty("java.home"), "lib", "server", System.mapLibraryName("jvm"));
        MemorySegment getVms = SymbolLookup.libraryLookup(jvm, forEver).findOrThrow("JNI_GetCreatedJavaVMs");
        MemorySegment result = forEver.allocate(ADDRESS);

        // jint JNI_GetCreatedJavaVMs(JavaVM **vms, jsize length, jsize *count)
        MethodHandle getCreatedVms = linker.downcallHandle(getVms,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        check((int) getCreatedVms.invokeExact(result, 1, forEver.allocate(JAVA_INT)));
        MemorySegment vm = result.get(pointer, 0);

        // jint GetEnv(JavaVM *vm, void **env, jint version)
        MethodHandle getEnv = linker.downcallHandle(function(vm, GET_ENV),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        check((int) getEnv.invokeExact(vm, result, JVMTI_VERSION_1_2));
        MemorySegment env = result.get(pointer, 0);

        // void DataDumpRequest(jvmtiEnv *env)
        Runnable told = () -> start(onDump);
        MethodHandle call = MethodHandles.publicLookup()
                .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                .bindTo(told);
        MemorySegment requested = linker.upcallStub(
                MethodHandles.dropArguments(call, 0, MemorySegment.class), FunctionDescriptor.ofVoid(ADDRESS), forEver);
        MemorySegment callbacks = forEver.allocate(ADDRESS, DATA_DUMP_CALLBACK + 1);
        callbacks.setAtIndex(ADDRESS, DATA_DUMP_CALLBACK, requested);

        // jvmtiError SetEventCallbacks(jvmtiEnv *env, const jvmtiEventCallbacks *callbacks, jint sizeOfCallbacks)
        MethodHandle setCallbacks = linker.downcallHandle(
                function(env, SET_EVENT_CALLBACKS), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        check((int) setCallbacks.invokeExact(env, callbacks, (int) callbacks.byteSize()));

        // jvmtiError SetEventNotificationMode(jvmtiEnv *env, jvmtiEventMode mode, jvmtiEvent event, jthread thread,
        // ...)
        MethodHandle setMode = linker.downcallHandle(
                function(env, SET_EVENT_NOTIFICATION_MODE),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
                Linker.Option.firstVariadicArg(4));
        check((int) setMode.invokeExact(env, JVMTI_ENABLE, JVMTI_EVENT_DATA_DUMP_REQUEST, MemorySegment.NULL));
    }

    /** An object of JNI or JVMTI is a pointer to a pointer to a table of functions. */
    private static MemorySegment function(MemorySegment object, int place) {
        MemorySegment table = object.get(ADDRESS, 0).reinterpret((place + 1) * ADDRESS.byteSize());
        return table.getAtIndex(ADDRESS, place);
    }

    private static void check(int error) {
        if (error != OK) {
            throw new IllegalStateException("error " + error);
        }
    }

    /** Called by the JVM, on the thread that handles its signals; an exception here would end the process. */
    private static void start(Runnable onDump) {
        try {
            Thread.ofPlatform().daemon().name("heddle-dump").start(onDump);
        } catch (Throwable e) {
            // Without a thread there is no report, but there is still the dump of the JVM.
        }
    }
}
