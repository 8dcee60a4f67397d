package dev.heddle.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Packages of the JDK that the flags of Heddle do not open. They open {@code java.lang}, whose {@link Module} can open
 * the rest.
 */
final class JdkPackages {

    private JdkPackages() {}

    /** Opens a package of {@code java.base} to this module. */
    static void open(String packageName) throws Throwable {
        MethodHandles.Lookup self = MethodHandles.lookup();
        MethodHandles.privateLookupIn(Module.class, self)
                .findVirtual(Module.class, "implAddOpens",
                        MethodType.methodType(void.class, String.class, Module.class))
                .invokeExact(Object.class.getModule(), packageName, self.lookupClass().getModule());
    }
}
