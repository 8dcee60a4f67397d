package dev.heddle.internal;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of Heddle in what the JDK keeps to itself, and what becomes of a program on a JDK without one. Each is one
 * class that finds its members by {@link JdkMembers}. A hook that lacks a member either ends the start, told by the
 * name of the member and the JDK, or leaves out what needs it, told once.
 *
 * <p>Threads: any.
 */
@SuppressWarnings("ImmutableEnumChecker") // what was found and told is of the process
public enum JdkHook {

    /** Tasks on the thread of a loop: {@link VirtualThreads}, {@link ScopedBindings}, {@link Unyielding}. */
    LOOPS("tasks on loops", true, "no loop can begin"),

    /** Code that is suspended in its middle: {@link Suspendable}. */
    STRANDS("generators and coroutines with a stack", true,
            "coroutines cannot begin, nor generators whose bodies cannot be rewritten as state machines"),

    /** Monitors and owners of locks: {@link ThreadFacts}. */
    THREAD_FACTS("facts of waiting threads", false,
            "reports of deadlocks and stalls do not know who holds a monitor or a lock of the JDK"),

    /** {@link Descriptors#of(java.nio.channels.SelectableChannel)}. */
    CHANNELS("descriptors of channels", false, "the engines of Linux cannot work, and loops take nio"),

    /** {@link Descriptors#of(java.nio.channels.FileChannel)}. */
    FILES("descriptors of files", false, "files are read and written in place of sendfile(2)"),

    /** {@link DirectMemory}. */
    DIRECT_MEMORY("addresses of direct buffers", false, "each read and write makes one object more"),

    /** {@link Principals}. */
    PRINCIPALS("names of users", false, "SO_PEERCRED of a Unix connection cannot be asked for");

    /** The first number of the JDK on which the tests run. */
    public static final int PROVEN = 25;

    private final String title;
    private final boolean needed;
    private final String without;
    private final AtomicBoolean told = new AtomicBoolean();

    /** Once it is found it stays. */
    private boolean found;

    JdkHook(String title, boolean needed, String without) {
        this.title = title;
        this.needed = needed;
        this.without = without;
    }

    /** What it is for. */
    public String title() {
        return title;
    }

    /** Whether what needs it fails; else there is another way, or less is known. */
    public boolean isNeeded() {
        return needed;
    }

    /** What becomes of a program without it. */
    public String without() {
        return without;
    }

    /** The member that this JDK lacks, or the flags that it was started without; empty if all is there. */
    public Optional<String> missing() {
        Throwable failure = failure(JdkMembers.OWN);
        return failure == null
                ? Optional.empty()
                : Optional.of(JdkFlags.areGiven() ? member(failure) : "the flags " + JdkFlags.text());
    }

    /**
     * Checks that it is there.
     *
     * @throws IllegalStateException if not, with the flags to add, or with what this JDK lacks
     */
    public void require() {
        if (!found) {
            VirtualThreads.requireAccess();
            Throwable failure = failure(JdkMembers.OWN);
            if (failure != null) {
                throw new IllegalStateException(refusal(failure, Runtime.version(), JdkFlags.areGiven()), failure);
            }
            found = true;
        }
    }

    /** Why what needs it fails: never for want of flags that are given. */
    public String refusal(Throwable failure, Runtime.Version jdk, boolean hasFlags) {
        return hasFlags
                ? "Heddle cannot " + (this == LOOPS ? "run its loops" : "have " + title) + " on JDK " + jdk
                        + ", which does not have " + member(failure)
                        + ". Run with JDK " + PROVEN
                        + ", on which Heddle is proven, or with a Heddle that is newer."
                : "Heddle runs tasks on its own loops, which the JDK allows only with these flags. Add to the java"
                        + " command: " + JdkFlags.text() + JdkFlags.elsewhere();
    }

    /** Says, once, what is left out for want of a member. */
    void tellOnce(Throwable failure) {
        if (JdkFlags.areGiven() && !told.getAndSet(true)) {
            new ReportLog("dev.heddle", Runtime.class).log(Level.WARNING, notice(failure, Runtime.version()),
                    null);
        }
    }

    String notice(Throwable failure, Runtime.Version jdk) {
        return "JDK " + jdk + " does not have " + member(failure) + ": " + without;
    }

    /** Why it cannot be had from a JDK; null if it can. */
    @Nullable Throwable failure(JdkMembers jdk) {
        try {
            switch (this) {
                case LOOPS -> VirtualThreads.Handles.of(jdk);
                case STRANDS -> Suspendable.Members.of(jdk);
                case THREAD_FACTS -> ThreadFacts.Handles.of(jdk);
                case CHANNELS -> Descriptors.channels(jdk);
                case FILES -> {
                    Descriptors.files(jdk);
                    Descriptors.setter(jdk);
                }
                case DIRECT_MEMORY -> DirectMemory.Handles.of(jdk);
                case PRINCIPALS -> Principals.Handles.of(jdk);
            }
            return null;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return e;
        }
    }

    /** What a failure misses, also that of compiled code, whose errors name it in their own way. */
    static String member(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof LinkageError ? message.replace('/', '.').replace("'", "") : message;
    }
}
