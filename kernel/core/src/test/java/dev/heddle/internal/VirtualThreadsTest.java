package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Refusals of a JDK are told for what they are: a flag that lacks, or a member that this JDK does not have. */
final class VirtualThreadsTest {

    private static final Runtime.Version JDK = Runtime.Version.parse("31.0.1");

    private static String refusal(Executable access) {
        try {
            access.execute();
        } catch (Throwable e) {
            return VirtualThreads.refusal(e, JDK);
        }
        return "none";
    }

    @Test
    void closedDoorIsToldWithTheFlagsThatOpenIt() {
        MethodHandles.Lookup outside = MethodHandles.publicLookup();
        for (String told : new String[]{
                refusal(() -> MethodHandles.privateLookupIn(Class.forName("sun.nio.ch.Net"), outside)),
                refusal(() -> outside.findVirtual(Thread.class, "exit", MethodType.methodType(void.class))),
                VirtualThreads.refusal(new IllegalAccessError("superclass access check failed"), JDK)}) {
            assertTrue(told.contains("--add-opens java.base/java.lang=ALL-UNNAMED"), told);
        }
    }

    @Test
    void memberThatIsGoneIsToldByItsNameAndTheJdk() {
        MethodHandles.Lookup outside = MethodHandles.publicLookup();
        String method = refusal(
                () -> outside.findVirtual(Thread.class, "startOn", MethodType.methodType(void.class, int.class)));
        String field = refusal(() -> outside.findGetter(Thread.class, "theScheduler", Object.class));
        String type = refusal(() -> Class.forName("java.lang.ThreadMakers"));
        assertEquals(
                "Heddle cannot run its loops on JDK 31.0.1, which does not have java.lang.ThreadMakers. Run with JDK 25,"
                        + " on which Heddle is proven, or with a Heddle that is newer.",
                type);
        assertTrue(method.contains("java.lang.Thread.startOn"), method);
        assertTrue(field.contains("theScheduler"), field);
    }
}
