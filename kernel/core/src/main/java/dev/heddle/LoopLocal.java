package dev.heddle;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A value that each loop has for itself: a cache, a pool of buffers, a client that the tasks of one loop share without
 * a lock.
 *
 * <pre>{@code
 * private static final LoopLocal<Map<String, Price>> PRICES = LoopLocal.withInitial(HashMap::new);
 *
 * Price price(String item) {
 *     return PRICES.get().computeIfAbsent(item, this::load);
 * }
 * }</pre>
 *
 * <p>The value is made when code on the loop first asks for it and lives as long as the loop. An ordered end of a loop,
 * when its tasks and callbacks have ended, ends its values, those made last first; a loop that fails below its tasks
 * only forgets them.
 *
 * <p>Keep a loop local in a static field, as a thread local: it takes a place on every loop that uses it, which is
 * never given to another.
 *
 * <p>Threads: any code on a loop, a guest one included; each loop sees its own value. In the simulator each run is a
 * loop of its own, so no value comes from another run.
 */
public final class LoopLocal<T> {

    private static final AtomicInteger PLACES = new AtomicInteger();

    private final int place = PLACES.getAndIncrement();
    private final Supplier<? extends T> initial;
    private final Consumer<? super T> atEnd;

    private LoopLocal(Supplier<? extends T> initial, Consumer<? super T> atEnd) {
        this.initial = Objects.requireNonNull(initial);
        this.atEnd = Objects.requireNonNull(atEnd);
    }

    /**
     * Makes a loop local.
     *
     * @param initial makes the value of a loop, in the task that first asks; must not wait and never gives null. Where
     *     it fails, the next call tries again
     */
    public static <T> LoopLocal<T> withInitial(Supplier<? extends T> initial) {
        return new LoopLocal<>(initial, value -> {});
    }

    /**
     * Makes a loop local whose values hold what must be freed.
     *
     * @param initial as {@link #withInitial(Supplier)} has it
     * @param atEnd ends the value of a loop that ends, in a callback of the loop; must not wait. A failure is reported
     */
    public static <T> LoopLocal<T> withInitial(Supplier<? extends T> initial, Consumer<? super T> atEnd) {
        return new LoopLocal<>(initial, atEnd);
    }

    /**
     * The current loop's value. Never waits.
     *
     * @throws IllegalStateException if the caller is not on a loop, if the loop has ended its values and has none, or
     *     if the call comes while the value is being made
     */
    @SuppressWarnings("unchecked") // what is at the place was made here
    public T get() {
        LoopValues values = Heddle.currentLoop().values;
        Object value = values.at(place);
        return value == null ? make(values) : (T) value;
    }

    private T make(LoopValues values) {
        values.begin(this);
        try {
            T made = Objects.requireNonNull(initial.get(), "the initial value of a loop");
            values.set(place, made, () -> atEnd.accept(made));
            return made;
        } finally {
            values.done(this);
        }
    }
}
