package dev.heddle.internal;

import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.Task;
import java.lang.StackWalker.StackFrame;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A watch over something that its user must close: one that the garbage collector finds dropped, open and out of reach of
 * all who could close it, is closed, and told once with who opened it. The watchdog asks the collector's queue now and
 * then; who opens and closes pays for a reference only. Nothing is watched on simulated loops, where chance would come
 * from the collector.
 *
 * <p>Threads: the loop's, but for the look.
 */
public abstract class Unclosed extends PhantomReference<Object> {

    /** The first of a process have their line for certain, later ones each so often: walking a stack takes a while. */
    private static final int EARLY = 256;

    private static final int LINE_EACH = 16;

    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();

    /** So that they are there when what they watch is not. */
    private static final Set<Unclosed> OPEN = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Loop loop;

    /** Who opened it, for people, as far as it was asked for. */
    private final String opener;

    private final @Nullable StackTraceElement line;

    /**
     * Begins to watch what the calling task has opened; the report names that and its line.
     *
     * @param what unreachable only if nobody can close it, and while no call of it waits
     * @param loop that of the calling task
     */
    protected Unclosed(Object what, Loop loop) {
        this(what, loop,
                Task.ofThread(Thread.currentThread()).map(task -> ", opened by task " + task.name()).orElse(""),
                isLineDue() ? userLine() : null);
    }

    /**
     * Begins to watch.
     *
     * @param opener what to add to the name; nothing is said of the line if that is null
     */
    @SuppressWarnings("this-escape") // the set only keeps it: the queue has it when what it watches is gone
    protected Unclosed(Object what, Loop loop, String opener, @Nullable StackTraceElement line) {
        super(what, DROPPED);
        this.loop = loop;
        this.opener = opener;
        this.line = line;
        OPEN.add(this);
    }

    /**
     * Goes on where another watch has ended: what takes the place of something is told with who opened that.
     *
     * @param before one that is {@linkplain #done}
     */
    protected Unclosed(Object what, Unclosed before) {
        this(what, before.loop, before.opener, before.line);
    }

    /**
     * Begins to watch what one call closes.
     *
     * @param name what it is, for people
     * @param close holds nothing of it
     * @return null if nothing is watched on the loop
     */
    public static @Nullable Unclosed watch(Object what, Loop loop, String name, Runnable close) {
        return watches(loop) ? new Named(what, loop, name, close) : null;
    }

    private static final class Named extends Unclosed {
        private final String name;
        private final Runnable close;

        Named(Object what, Loop loop, String name, Runnable close) {
            super(what, loop);
            this.name = name;
            this.close = close;
        }

        @Override
        protected String closeDropped() {
            close.run();
            return name;
        }
    }

    private static boolean isLineDue() {
        int count = COUNT.getAndIncrement();
        return (count >= 0 && count < EARLY) || count % LINE_EACH == 0;
    }

    /** Whether what is opened on a loop is watched. */
    public static boolean watches(Loop loop) {
        return !loop.engine().isSimulated();
    }

    private static @Nullable StackTraceElement userLine() {
        return WALKER.walk(frames -> frames.filter(frame -> UserLine.isOfUser(frame.getClassName()))
                .findFirst()
                .map(StackFrame::toStackTraceElement)
                .orElse(null));
    }

    /** It was closed, or somebody else has it now. */
    public final void done() {
        if (OPEN.remove(this)) {
            clear();
        }
    }

    /**
     * Closes what was dropped, on its loop. Never waits.
     *
     * @return what it is, for people; null if it was closed already
     */
    protected abstract @Nullable String closeDropped();

    /** Looks for what was dropped since the last look. On the watchdog. */
    public static void look() {
        for (var each = DROPPED.poll(); each != null; each = DROPPED.poll()) {
            if (each instanceof Unclosed dropped && OPEN.remove(dropped)) {
                dropped.callLoop();
            }
        }
    }

    private void callLoop() {
        try {
            loop.callFromThread(this::tell);
        } catch (IllegalStateException over) {
            // The loop has ended, and its engine has closed what it had.
        }
    }

    private void tell() {
        String what = closeDropped();
        if (what != null) {
            BoundedLog.report(
                    loop.config().failureHandler(),
                    what + opener + (line == null ? "" : " at " + line)
                            + ", was dropped without being closed: it is closed now",
                    new UnclosedException(line));
        }
    }

    /** Carries the line that opened something. */
    private static final class UnclosedException extends HeddleException {
        private static final long serialVersionUID = 1L;

        UnclosedException(@Nullable StackTraceElement line) {
            super("open it in the head of a try, which closes it");
            setStackTrace(line == null ? new StackTraceElement[0] : new StackTraceElement[]{line});
        }
    }
}
