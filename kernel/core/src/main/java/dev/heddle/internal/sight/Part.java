package dev.heddle.internal.sight;

import dev.heddle.Loop;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing in the register of {@link Parts}, held weakly.
 *
 * <p>Threads: any. What asks the thing takes its lock for a few steps, but a user's comparator may hold that for long:
 * ask where somebody may wait.
 *
 * @param <T> its class
 */
public final class Part<T> extends WeakReference<T> {

    private final PartKind<? super T> kind;
    private final long id;
    private final @Nullable StackTraceElement line;

    /** Written by {@link Parts} alone: by who adds it before others see it, and by who sweeps. */
    volatile @Nullable Part<?> next;

    Part(PartKind<? super T> kind, T thing, long id, @Nullable StackTraceElement line) {
        super(thing);
        this.kind = kind;
        this.id = id;
        this.line = line;
    }

    /**
     * A part as it is shown.
     *
     * @param figures a record of numbers and flags
     * @param pressure 0 to 1; NaN where there is no limit
     * @param detail who has it and who waits
     */
    public record View(
            long id, String type, @Nullable String name, @Nullable StackTraceElement line, @Nullable Loop loop,
            Record figures, double pressure, PartDetail detail) {}

    /** Asks the thing; empty if it is over or gone. */
    public Optional<View> view() {
        T thing = get();
        return thing == null || kind.isOver(thing) ? Optional.empty() : Optional.of(view(thing));
    }

    /** Asks a thing that is over, but not gone: it may have counted more since it was last asked. */
    public Optional<View> last() {
        T thing = get();
        return thing == null || !kind.isOver(thing) ? Optional.empty() : Optional.of(view(thing));
    }

    private View view(T thing) {
        PartKind.Reading now = kind.read(thing);
        return new View(
                id, kind.type(), kind.name(thing), line, kind.loop(thing), now.figures(), now.pressure(),
                kind.detail(thing));
    }

    /** The loops on which it may have connections, and those of each; none if it is over or gone. */
    public Map<Loop, Connections<?>> connections() {
        T thing = get();
        return thing == null || kind.isOver(thing) ? Map.of() : kind.connections(thing);
    }

    /** What a person may do with it. */
    public Set<String> acts() {
        return kind.acts();
    }

    /**
     * Does something with it; may wait a little.
     *
     * @return whether the thing is there, and can do that
     */
    public boolean act(String name) {
        T thing = get();
        return thing != null && !kind.isOver(thing) && kind.act(thing, name);
    }

    /** What a person may do with what is in it. */
    public Set<String> itemActs() {
        return kind.itemActs();
    }

    /** Does something with what is in it, as {@link #act(String)}. */
    public boolean act(String name, String item) {
        T thing = get();
        return thing != null && !kind.isOver(thing) && kind.act(thing, name, item);
    }

    /** Answers a question about what is in it; may wait a little. Empty if it is over or gone. */
    public List<Map<String, Object>> answer(Map<String, String> question) {
        T thing = get();
        return thing == null || kind.isOver(thing) ? List.of() : kind.answer(thing, question);
    }

    /** A number of its own. */
    public long id() {
        return id;
    }

    public String type() {
        return kind.type();
    }

    /** Where it was made; null if nobody has looked. */
    public @Nullable StackTraceElement line() {
        return line;
    }

    @Override
    public String toString() {
        return type() + " " + id + (line == null ? "" : " of " + line);
    }
}
