package dev.heddle.process;

/**
 * The form in which a type of a program's own travels: as a value of a type that can, such as a record or a list.
 *
 * <pre>{@code
 * public final class MoneyFormat implements Format<Money> {
 *     public Class<Money> type() { return Money.class; }
 *     public Object pack(Money money) { return List.of(money.currency(), money.cents()); }
 *     public Money unpack(Object packed) { ... }
 * }
 * }</pre>
 *
 * <p>Given by its class, which is public with a constructor without parameters, since each process makes its own.
 * Applies to values of exactly this class. To test it, pack and unpack a value.
 *
 * <p>Threads: any, several at a time.
 *
 * @param <T> the type
 */
public interface Format<T> {

    /** The class whose values it packs. */
    Class<T> type();

    /** Gives a value that stands for this one, and is not changed afterwards: its long arrays may not be copied. */
    Object pack(T value);

    /**
     * Makes a value again of what {@link #pack} gave. That may be an argument of a body which then never runs, since it
     * was cancelled while the rest of it came.
     */
    T unpack(Object packed);
}
