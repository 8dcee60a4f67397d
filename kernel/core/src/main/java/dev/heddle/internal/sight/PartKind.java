package dev.heddle.internal.sight;

import dev.heddle.Loop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A kind of {@link Part}: how objects of one class are asked what there is to see of them. Its functions hold no object,
 * so the register does not either, and must answer any thread. Immutable; one constant for each class.
 *
 * @param <T> the class
 */
public final class PartKind<T> {

    private final @Nullable Supplier<PartKind<T>> how;

    /** Null until somebody asks, where it is put together then. */
    private volatile @Nullable Questions<T> questions;

    private PartKind(@Nullable Supplier<PartKind<T>> how, @Nullable Questions<T> questions) {
        this.how = how;
        this.questions = questions;
    }

    private PartKind(Questions<T> questions) {
        this(null, questions);
    }

    /** What a part of the kind is asked; null for what none of them has. */
    private record Questions<T>(
            String type, Function<? super T, Reading> read, @Nullable Function<? super T, @Nullable String> words,
            @Nullable Function<? super T, @Nullable Loop> loop, @Nullable Predicate<? super T> over,
            @Nullable Function<? super T, Map<Loop, Connections<?>>> connections,
            @Nullable Function<? super T, PartDetail> detail, Map<String, Consumer<? super T>> acts,
            @Nullable BiFunction<? super T, Map<String, String>, List<Map<String, Object>>> answer,
            Map<String, BiConsumer<? super T, String>> itemActs) {}

    private Questions<T> questions() {
        Questions<T> known = questions;
        if (known == null) {
            known = Objects.requireNonNull(how).get().questions();
            questions = known;
        }
        return known;
    }

    /**
     * A kind that is put together when somebody looks at parts, which most programs never see: each of its functions
     * costs a start a class.
     *
     * @param how gives the same each time
     */
    public static <T> PartKind<T> later(Supplier<PartKind<T>> how) {
        return new PartKind<>(how, null);
    }

    /**
     * A part at one moment.
     *
     * @param figures whose numbers and flags are shown: public as it is, or by an interface that it is
     * @param pressure 0 to 1, how near it is to its limit; NaN where there is none
     */
    public record Reading(Record figures, double pressure) {}

    /**
     * A kind without a limit.
     *
     * @param type for people: {@code worker pool}
     * @param statistics gives a record
     */
    public static <T> PartKind<T> of(String type, Function<? super T, ?> statistics) {
        return of(type, statistics, (part, figures) -> Double.NaN);
    }

    /**
     * A kind with a limit.
     *
     * @param type for people: {@code worker pool}
     * @param statistics gives a record
     * @param pressure of a part with these statistics; cut to 0 to 1
     */
    public static <T, R> PartKind<T> of(
            String type, Function<? super T, R> statistics, ToDoubleBiFunction<? super T, ? super R> pressure) {
        Function<T, Reading> read = part -> {
            R figures = statistics.apply(part);
            return new Reading((Record) figures, Math.clamp(pressure.applyAsDouble(part, figures), 0, 1));
        };
        return new PartKind<>(new Questions<>(type, read, null, null, null, null, null, Map.of(), null, Map.of()));
    }

    /**
     * The same kind, whose parts may have names.
     *
     * @param how gives the name, or null for none
     */
    public PartKind<T> named(Function<? super T, @Nullable String> how) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, how, now.loop, now.over, now.connections, now.detail, now.acts, now.answer,
                now.itemActs));
    }

    /**
     * The same kind, whose parts may have names that begin with its type, as in {@code limiter database}; what does not
     * is no name.
     */
    public PartKind<T> titled(Function<? super T, String> how) {
        String begin = type() + " ";
        return named(part -> {
            String title = how.apply(part);
            return title.startsWith(begin) ? title.substring(begin.length()) : null;
        });
    }

    /** The same kind, whose parts belong to a loop. */
    public PartKind<T> onLoop(Function<? super T, @Nullable Loop> which) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, which, now.over, now.connections, now.detail, now.acts, now.answer,
                now.itemActs));
    }

    /** The same kind, whose parts are shown only until they are over. */
    public PartKind<T> until(Predicate<? super T> end) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, end, now.connections, now.detail, now.acts, now.answer,
                now.itemActs));
    }

    /**
     * The same kind, whose parts have connections.
     *
     * @param how gives the loops on which they are, and those of each
     */
    public PartKind<T> connecting(Function<? super T, Map<Loop, Connections<?>>> how) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, now.over, how, now.detail, now.acts, now.answer,
                now.itemActs));
    }

    /** The same kind, of whose parts more is known: who has them, and how long others have waited. */
    public PartKind<T> detailed(Function<? super T, PartDetail> how) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, now.over, now.connections, how, now.acts, now.answer,
                now.itemActs));
    }

    /**
     * The same kind, with whose parts a person may do something, if the program lets people act.
     *
     * @param what by the name of each; it may wait, but not for long
     */
    public PartKind<T> acting(Map<String, Consumer<? super T>> what) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, now.over, now.connections, now.detail, Map.copyOf(what),
                now.answer,
                now.itemActs));
    }

    /**
     * The same kind, whose parts answer questions about what is in them.
     *
     * @param how gives lines of names with texts, numbers and truths, for a question's words; it may wait, but not for
     *     long
     */
    public PartKind<T> answering(BiFunction<? super T, Map<String, String>, List<Map<String, Object>>> how) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, now.over, now.connections, now.detail, now.acts, how,
                now.itemActs));
    }

    /**
     * The same kind, with what is in whose parts a person may do something, if the program lets people act.
     *
     * @param what by the name of each, with the name of what it is done with; it may wait, but not for long
     */
    public PartKind<T> actingOnItems(Map<String, BiConsumer<? super T, String>> what) {
        Questions<T> now = questions();
        return new PartKind<>(new Questions<>(
                now.type, now.read, now.words, now.loop, now.over, now.connections, now.detail, now.acts, now.answer,
                Map.copyOf(what)));
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
        return questions().type;
    }

    Reading read(T part) {
        return questions().read.apply(part);
    }

    @Nullable String name(T part) {
        Function<? super T, @Nullable String> words = questions().words;
        return words == null ? null : words.apply(part);
    }

    @Nullable Loop loop(T part) {
        Function<? super T, @Nullable Loop> loop = questions().loop;
        return loop == null ? null : loop.apply(part);
    }

    Map<Loop, Connections<?>> connections(T part) {
        Function<? super T, Map<Loop, Connections<?>>> connections = questions().connections;
        return connections == null ? Map.of() : connections.apply(part);
    }

    PartDetail detail(T part) {
        Function<? super T, PartDetail> detail = questions().detail;
        return detail == null ? PartDetail.NONE : detail.apply(part);
    }

    Set<String> acts() {
        return questions().acts.keySet();
    }

    boolean act(T part, String name) {
        Consumer<? super T> act = questions().acts.get(name);
        if (act != null) {
            act.accept(part);
        }
        return act != null;
    }

    Set<String> itemActs() {
        return questions().itemActs.keySet();
    }

    boolean act(T part, String name, String item) {
        BiConsumer<? super T, String> act = questions().itemActs.get(name);
        if (act != null) {
            act.accept(part, item);
        }
        return act != null;
    }

    List<Map<String, Object>> answer(T part, Map<String, String> question) {
        BiFunction<? super T, Map<String, String>, List<Map<String, Object>>> answer = questions().answer;
        return answer == null ? List.of() : answer.apply(part, question);
    }

    boolean isOver(T part) {
        Predicate<? super T> over = questions().over;
        return over != null && over.test(part);
    }

    @Override
    public String toString() {
        return "kind " + type();
    }
}
