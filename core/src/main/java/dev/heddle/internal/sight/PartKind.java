package dev.heddle.internal.sight;

import dev.heddle.Loop;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A kind of {@link Part}: how objects of one class are asked what there is to see of them. Its functions hold no object,
 * so the register does not either, and must answer any thread. Immutable; one constant for each class.
 *
 * @param <T> the class
 */
public final class PartKind<T> {

    private final String type;
    private final Function<? super T, Reading> read;
    private final @Nullable Function<? super T, @Nullable String> words;
    private final @Nullable Function<? super T, @Nullable Loop> loop;
    private final @Nullable Predicate<? super T> over;
    private final @Nullable Function<? super T, Map<Loop, Connections<?>>> connections;
    private final @Nullable Function<? super T, PartDetail> detail;
    private final Map<String, Consumer<? super T>> acts;

    private PartKind(
            String type, Function<? super T, Reading> read,
            @Nullable Function<? super T, @Nullable String> words,
            @Nullable Function<? super T, @Nullable Loop> loop, @Nullable Predicate<? super T> over,
            @Nullable Function<? super T, Map<Loop, Connections<?>>> connections,
            @Nullable Function<? super T, PartDetail> detail, Map<String, Consumer<? super T>> acts) {
        this.type = type;
        this.read = read;
        this.words = words;
        this.loop = loop;
        this.over = over;
        this.connections = connections;
        this.detail = detail;
        this.acts = acts;
    }

    /**
     * A part at one moment.
     *
     * @param figures a public record of a public class, whose numbers and flags are shown
     * @param pressure 0 to 1, how near it is to its limit; NaN where there is none
     */
    public record Reading(Record figures, double pressure) {}

    /**
     * A kind without a limit.
     *
     * @param type for people: {@code worker pool}
     */
    public static <T> PartKind<T> of(String type, Function<? super T, ? extends Record> statistics) {
        return of(type, statistics, (part, figures) -> Double.NaN);
    }

    /**
     * A kind with a limit.
     *
     * @param type for people: {@code worker pool}
     * @param pressure of a part with these statistics; cut to 0 to 1
     */
    public static <T, R extends Record> PartKind<T> of(
            String type, Function<? super T, R> statistics, ToDoubleBiFunction<? super T, ? super R> pressure) {
        Function<T, Reading> read = part -> {
            R figures = statistics.apply(part);
            return new Reading(figures, Math.clamp(pressure.applyAsDouble(part, figures), 0, 1));
        };
        return new PartKind<>(type, read, null, null, null, null, null, Map.of());
    }

    /**
     * The same kind, whose parts may have names.
     *
     * @param how gives the name, or null for none
     */
    public PartKind<T> named(Function<? super T, @Nullable String> how) {
        return new PartKind<>(type, read, how, loop, over, connections, detail, acts);
    }

    /**
     * The same kind, whose parts may have names that begin with its type, as in {@code limiter database}; what does not
     * is no name.
     */
    public PartKind<T> titled(Function<? super T, String> how) {
        String begin = type + " ";
        return named(part -> {
            String title = how.apply(part);
            return title.startsWith(begin) ? title.substring(begin.length()) : null;
        });
    }

    /** The same kind, whose parts belong to a loop. */
    public PartKind<T> onLoop(Function<? super T, @Nullable Loop> which) {
        return new PartKind<>(type, read, words, which, over, connections, detail, acts);
    }

    /** The same kind, whose parts are shown only until they are over. */
    public PartKind<T> until(Predicate<? super T> end) {
        return new PartKind<>(type, read, words, loop, end, connections, detail, acts);
    }

    /**
     * The same kind, whose parts have connections.
     *
     * @param how gives the loops on which they are, and those of each
     */
    public PartKind<T> connecting(Function<? super T, Map<Loop, Connections<?>>> how) {
        return new PartKind<>(type, read, words, loop, over, how, detail, acts);
    }

    /** The same kind, of whose parts more is known: who has them, and how long others have waited. */
    public PartKind<T> detailed(Function<? super T, PartDetail> how) {
        return new PartKind<>(type, read, words, loop, over, connections, how, acts);
    }

    /**
     * The same kind, with whose parts a person may do something, if the program lets people act.
     *
     * @param what by the name of each; it may wait, but not for long
     */
    public PartKind<T> acting(Map<String, Consumer<? super T>> what) {
        return new PartKind<>(type, read, words, loop, over, connections, detail, Map.copyOf(what));
    }

    /**
     * How near a pool is to its limits: a stuck one is full while its queue still has room, and so is one whose queue
     * is full though no worker comes.
     */
    public static double fullness(int busy, int workers, int queued, int maxQueued) {
        return Math.max(share(busy, workers), queued == 0 ? 0 : share(queued, maxQueued));
    }

    /** How much of a limit is used up; 1 of none. */
    public static double share(double used, double limit) {
        return limit <= 0 ? 1 : used / limit;
    }

    public String type() {
        return type;
    }

    Reading read(T part) {
        return read.apply(part);
    }

    @Nullable String name(T part) {
        return words == null ? null : words.apply(part);
    }

    @Nullable Loop loop(T part) {
        return loop == null ? null : loop.apply(part);
    }

    Map<Loop, Connections<?>> connections(T part) {
        return connections == null ? Map.of() : connections.apply(part);
    }

    PartDetail detail(T part) {
        return detail == null ? PartDetail.NONE : detail.apply(part);
    }

    Set<String> acts() {
        return acts.keySet();
    }

    boolean act(T part, String name) {
        Consumer<? super T> act = acts.get(name);
        if (act != null) {
            act.accept(part);
        }
        return act != null;
    }

    boolean isOver(T part) {
        return over != null && over.test(part);
    }

    @Override
    public String toString() {
        return "kind " + type;
    }
}
