package dev.heddle.process.internal.codec;

import dev.heddle.process.CannotTravelException;
import dev.heddle.process.Format;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codec of values that travel between processes: what may, and how big it may be. Both ends have an equal one.
 *
 * <p>A value is a tree: what it reaches twice arrives twice. Only types with a tag of their own travel, records, enums
 * and what has a {@link Format}. So decoding runs no code but constructors of records and of exceptions, and formats
 * that both ends named.
 *
 * <p>Threads: any.
 */
public final class Codec {

    /** Deeper is a mistake, such as a cycle; and a decoder that recurses needs a bound. */
    static final int MAX_DEPTH = 200;

    private final int maxBytes;
    private final List<Class<? extends Format<?>>> formatClasses;
    private final Map<Class<?>, Integer> numbers = new HashMap<>();
    private final List<Format<Object>> formats = new ArrayList<>();
    private final FunctionMaker.Known functions = new FunctionMaker.Known();

    /** The last one that was made of this with another bound. */
    private volatile @Nullable Codec bounded;

    /**
     * @param maxBytes most bytes of an encoded value
     * @throws IllegalArgumentException if a format cannot be made
     */
    public Codec(int maxBytes, List<Class<? extends Format<?>>> formatClasses) {
        this.maxBytes = maxBytes;
        this.formatClasses = List.copyOf(formatClasses);
        for (Class<? extends Format<?>> type : formatClasses) {
            Format<Object> format = make(type);
            numbers.put(format.type(), formats.size());
            formats.add(format);
        }
    }

    @SuppressWarnings("unchecked")
    private static Format<Object> make(Class<? extends Format<?>> type) {
        try {
            return (Format<Object>) type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the constructor of the format " + type.getName() + " failed",
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "the format " + type.getName() + " must be public with a public constructor without parameters", e);
        }
    }

    public int maxBytes() {
        return maxBytes;
    }

    public List<Class<? extends Format<?>>> formatClasses() {
        return formatClasses;
    }

    /** This one, for values of at most so many bytes. */
    Codec bounded(int bytes) {
        Codec last = bounded;
        if (last == null || last.maxBytes != bytes) {
            last = new Codec(bytes, formatClasses);
            bounded = last;
        }
        return last;
    }

    FunctionMaker.Known functions() {
        return functions;
    }

    /** The number of the format for a class; null if it has none. */
    @Nullable Integer formatNumber(Class<?> type) {
        return numbers.isEmpty() ? null : numbers.get(type);
    }

    /** A format by its number; null if there is none. */
    @Nullable Format<Object> format(int number) {
        return number < 0 || number >= formats.size() ? null : formats.get(number);
    }

    /**
     * Encodes values one behind the other.
     *
     * @param root how errors call the value
     * @throws CannotTravelException if one has something in it that cannot travel, is too deep or too big
     */
    public byte[] encode(String root, boolean functions, @Nullable Object value) {
        return write(root, functions, value, false).toBytes();
    }

    /**
     * Encodes a value as {@link #encode}.
     *
     * @param borrow whether long arrays are not copied, since nobody changes them before they are sent
     */
    public Output write(String root, boolean functions, @Nullable Object value, boolean borrow) {
        var out = new Output(maxBytes, borrow);
        new Encoder(this, functions, out).root(root, value);
        return out;
    }

    /**
     * Decodes a value.
     *
     * @param functions whether lambdas may be in it: from a parent to its child only
     * @param loader finds classes by name
     * @throws UnreadableException if the bytes are no value
     */
    public @Nullable Object decode(byte[] bytes, int offset, boolean functions, ClassLoader loader) {
        return decode(new Input(bytes, offset, bytes.length), functions, loader);
    }

    /** Decodes a value as {@link #decode(byte[], int, boolean, ClassLoader)}, while it comes. */
    public @Nullable Object decode(Inflow inflow, boolean functions, ClassLoader loader) {
        return decode(new Input(inflow), functions, loader);
    }

    @Nullable Object decode(Input in, boolean functions, ClassLoader loader) {
        var decoder = new Decoder(this, in, functions, loader);
        Object value = decoder.read();
        decoder.end();
        return value;
    }
}
