package dev.heddle.internal.generators;

import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.util.Set;

/** The methods of the JDK for which it counts which class calls them, as that of {@code lookup()} does. */
final class CallerSensitive {

    /** Who have such methods. To read the annotations of others would take longer than all the rest. */
    static final Set<String> CLASSES = Set.of(
            "java.lang.Class",
            "java.lang.ClassLoader",
            "java.lang.Module",
            "java.lang.ModuleLayer$Controller",
            "java.lang.Package",
            "java.lang.Runtime",
            "java.lang.StackWalker",
            "java.lang.System",
            "java.lang.foreign.AddressLayout",
            "java.lang.foreign.Linker",
            "java.lang.foreign.MemorySegment",
            "java.lang.foreign.SymbolLookup",
            "java.lang.invoke.MethodHandles",
            "java.lang.reflect.AccessibleObject",
            "java.lang.reflect.Constructor",
            "java.lang.reflect.Field",
            "java.lang.reflect.InvocationHandler",
            "java.lang.reflect.Method",
            "java.sql.DriverManager",
            "java.util.ResourceBundle",
            "java.util.ServiceLoader",
            "java.util.concurrent.atomic.AtomicIntegerFieldUpdater",
            "java.util.concurrent.atomic.AtomicLongFieldUpdater",
            "java.util.concurrent.atomic.AtomicReferenceFieldUpdater",
            "java.util.logging.Logger");

    /** How they are called. */
    static final Set<String> NAMES = Set.of(
            "addExports", "addOpens", "addReads", "addUses", "canAccess", "clearCache", "deregisterDriver",
            "downcallHandle", "drivers", "enableNativeAccess", "forEach", "forName", "get", "getAnonymousLogger",
            "getBoolean", "getBundle", "getByte", "getCallerClass", "getChar", "getConnection", "getDouble",
            "getDriver", "getDrivers", "getFloat", "getInt", "getLogger", "getLong", "getPackage", "getPackages",
            "getResource", "getResourceAsStream", "getShort", "invoke", "invokeDefault", "libraryLookup", "load",
            "loadInstalled", "loadLibrary", "loaderLookup", "lookup", "newInstance", "newUpdater",
            "registerAsParallelCapable", "reinterpret", "set", "setAccessible", "setBoolean", "setByte", "setChar",
            "setDouble", "setFloat", "setInt", "setLong", "setShort", "trySetAccessible", "upcallStub", "walk",
            "withTargetLayout");

    private CallerSensitive() {}

    static boolean is(Executable method) {
        if (NAMES.contains(method.getName()) && CLASSES.contains(method.getDeclaringClass().getName())) {
            for (Annotation each : method.getDeclaredAnnotations()) {
                if (each.annotationType().getName().equals("jdk.internal.reflect.CallerSensitive")) {
                    return true;
                }
            }
        }
        return false;
    }
}
