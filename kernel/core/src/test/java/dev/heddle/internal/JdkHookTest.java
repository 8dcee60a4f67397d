package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodType;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A JDK that lacks a member is told for what it is, member by member and hook by hook; a missing flag only where one is
 * missing. Each member of each hook is taken away in turn.
 */
final class JdkHookTest {

    private static final Runtime.Version JDK = Runtime.Version.parse("31.0.1");

    /** All that a hook looks for, in a JDK that has it. */
    private static Set<String> members(JdkHook hook) {
        Set<String> asked = new LinkedHashSet<>();
        assertNull(hook.failure(new JdkMembers(member -> {
            asked.add(member);
            return true;
        })));
        return asked;
    }

    private static Throwable without(JdkHook hook, String member) {
        Throwable failure = hook.failure(new JdkMembers(each -> !each.equals(member)));
        assertNotNull(failure, member);
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void eachMemberThatIsGoneIsToldByItsNameAndTheJdk(JdkHook hook) {
        for (String member : members(hook)) {
            Throwable failure = without(hook, member);
            for (String told : new String[]{hook.refusal(failure, JDK, true), hook.notice(failure, JDK)}) {
                assertTrue(told.contains("JDK 31.0.1") && told.contains("does not have " + member), told);
                assertTrue(!told.contains("--add-"), told);
            }
        }
    }

    @Test
    void hooksAreAllThereInTheJdkOfTheTests() {
        for (JdkHook hook : JdkHook.values()) {
            assertEquals(Optional.empty(), hook.missing(), hook.toString());
            hook.require();
        }
    }

    @Test
    void loopsNeedThreadsBindingsAndSections() {
        Set<String> members = members(JdkHook.LOOPS);
        assertTrue(
                members.containsAll(Set.of("java.lang.ThreadBuilders.newVirtualThread(Executor, String, int, Runnable)",
                        "java.lang.Thread.start(ThreadContainer)", "java.lang.VirtualThread.scheduler",
                        "java.lang.Thread.setScopedValueCache(Object[])", "jdk.internal.vm.Continuation.pin()",
                        "jdk.internal.vm.ThreadContainer.ThreadContainer(boolean)")),
                members.toString());
    }

    @Test
    void startThatCannotBeEndsWithOneSentence() {
        assertEquals(
                "Heddle cannot run its loops on JDK 31.0.1, which does not have java.lang.VirtualThread.scheduler. Run"
                        + " with JDK 25, on which Heddle is proven, or with a Heddle that is newer.",
                JdkHook.LOOPS.refusal(without(JdkHook.LOOPS, "java.lang.VirtualThread.scheduler"), JDK, true));
        assertEquals(
                "Heddle cannot have generators and coroutines with a stack on JDK 31.0.1, which does not have"
                        + " java.lang.Thread.cont. Run with JDK 25, on which Heddle is proven, or with a Heddle that is"
                        + " newer.",
                JdkHook.STRANDS.refusal(without(JdkHook.STRANDS, "java.lang.Thread.cont"), JDK, true));
    }

    @Test
    void whatCanBeDoneWithoutIsLeftOutByName() {
        assertEquals(
                "JDK 31.0.1 does not have jdk.internal.vm.ThreadSnapshot.of(Thread): reports of deadlocks and stalls do"
                        + " not know who holds a monitor or a lock of the JDK",
                JdkHook.THREAD_FACTS.notice(
                        without(JdkHook.THREAD_FACTS, "jdk.internal.vm.ThreadSnapshot.of(Thread)"), JDK));
        for (JdkHook hook : JdkHook.values()) {
            String told = hook.notice(without(hook, members(hook).iterator().next()), JDK);
            assertTrue(told.endsWith(": " + hook.without()), told);
        }
    }

    @Test
    void flagsAreAskedForOnlyByAJvmThatLacksThem() {
        Throwable failure = without(JdkHook.LOOPS, "java.lang.VirtualThread.scheduler");
        String told = JdkHook.LOOPS.refusal(failure, JDK, false);
        assertTrue(told.contains("--add-opens java.base/java.lang=ALL-UNNAMED"), told);
        assertTrue(told.contains("--add-exports java.base/jdk.internal.vm=ALL-UNNAMED"), told);
        assertTrue(JdkFlags.areGiven());
    }

    @Test
    void memberIsLookedForAndNotBelieved() {
        var members = new JdkMembers(null);
        JdkMembers.AbsentException method = absent(
                () -> members.method(Thread.class, "startOn", MethodType.methodType(void.class)));
        assertEquals("java.lang.Thread.startOn()", method.getMessage());
        assertEquals("java.lang.Thread.hat",
                absent(() -> members.getter(Thread.class, "hat", int.class)).getMessage());
        assertEquals("java.lang.ThreadMakers",
                absent(() -> members.type("java.lang.ThreadMakers")).getMessage());
        assertEquals("java.lang.Thread.Thread(Void)",
                absent(() -> members.require(Thread.class, "Thread", Void.class)).getMessage());
    }

    private static JdkMembers.AbsentException absent(Executable lookup) {
        return assertThrows(JdkMembers.AbsentException.class, lookup);
    }

    @Test
    void errorsOfCompiledCodeAreReadable() {
        assertEquals("jdk.internal.vm.Continuation",
                JdkHook.member(new NoClassDefFoundError("jdk/internal/vm/Continuation")));
        assertEquals("void jdk.internal.vm.Continuation.pin()",
                JdkHook.member(new NoSuchMethodError("'void jdk.internal.vm.Continuation.pin()'")));
        assertInstanceOf(JdkMembers.AbsentException.class,
                without(JdkHook.STRANDS, "jdk.internal.vm.Continuation.getParent()"));
    }
}
