package dev.heddle.process.internal.codec;

import dev.heddle.process.CannotTravelException;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.RemoteFunction;
import java.lang.invoke.SerializedLambda;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The encoder of values: writes one. Used once, by one thread. */
public final class Encoder {

    /** Something cannot travel; the path to it grows while the calls return. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final StringBuilder path = new StringBuilder();

        Refused(String why) {
            super(why, null, false, false);
        }

        Refused at(String segment) {
            path.insert(0, segment);
            return this;
        }
    }

    private final Codec codec;
    private final boolean functions;
    private final Output out;
    private final Map<Class<?>, Integer> classes = new HashMap<>();

    /** What was encoded before: it stands at the end, so that the rest can be used while it comes. */
    private final List<Encoded> behind = new ArrayList<>(0);

    private int depth;

    /**
     * @param functions whether lambdas may travel
     */
    Encoder(Codec codec, boolean functions, Output out) {
        this.codec = codec;
        this.functions = functions;
        this.out = out;
    }

    /** Writes a value, and turns a refusal into words. */
    void root(String name, @Nullable Object value) {
        try {
            write(value);
        } catch (Refused e) {
            throw new CannotTravelException(name + e.path + ": " + e.getMessage());
        }
        for (Encoded each : behind) {
            each.writeTo(out);
        }
    }

    private void write(@Nullable Object value) {
        if (++depth > Codec.MAX_DEPTH) {
            throw new Refused("it is deeper than " + Codec.MAX_DEPTH + " levels; does it reach itself?");
        }
        writeAny(value);
        depth--;
    }

    // Chains of instanceof, as a switch over types is linked when it is first run, which each child would wait for at
    // its start.

    private void writeAny(@Nullable Object value) {
        if (value == null) {
            out.putByte(Tag.NULL);
        } else if (value instanceof String s) {
            out.putByte(Tag.STRING);
            out.putString(s);
        } else if (value instanceof Boolean b) {
            out.putByte(b ? Tag.TRUE : Tag.FALSE);
        } else if (value instanceof Character c) {
            out.putByte(Tag.CHAR);
            out.putShort(c);
        } else if (!(value instanceof Number n && writeNumber(n))) {
            writeObject(value);
        }
    }

    private boolean writeNumber(Number number) {
        if (number instanceof Integer i) {
            out.putByte(Tag.INT);
            out.putInt(i);
        } else if (number instanceof Long l) {
            out.putByte(Tag.LONG);
            out.putLong(l);
        } else if (number instanceof Double d) {
            out.putByte(Tag.DOUBLE);
            out.putLong(Double.doubleToRawLongBits(d));
        } else if (number instanceof Float f) {
            out.putByte(Tag.FLOAT);
            out.putInt(Float.floatToRawIntBits(f));
        } else if (number instanceof Short s) {
            out.putByte(Tag.SHORT);
            out.putShort(s);
        } else if (number instanceof Byte b) {
            out.putByte(Tag.BYTE);
            out.putByte(b);
        } else if (number instanceof BigInteger big && big.getClass() == BigInteger.class) {
            out.putByte(Tag.BIG_INTEGER);
            writeBytes(big.toByteArray());
        } else {
            return false;
        }
        return true;
    }

    private void writeBytes(byte[] bytes) {
        out.putCount(bytes.length);
        out.putBytes(bytes);
    }

    private void writeObject(Object value) {
        Integer format = codec.formatNumber(value.getClass());
        if (format != null) {
            out.putByte(Tag.FORMATTED);
            out.putCount(format);
            inside(" packed by its format", Objects.requireNonNull(codec.format(format)).pack(value));
        } else if (value instanceof Work work) {
            writeWork(work);
        } else if (value instanceof Record r) {
            writeRecord(r);
        } else if (value instanceof Enum<?> e) {
            out.putByte(Tag.ENUM);
            writeClass(e.getDeclaringClass());
            out.putString(e.name());
        } else if (!writeSpecial(value)) {
            writeOther(value);
        }
    }

    private void writeOther(Object value) {
        if (value instanceof Collection<?> c) {
            writeCollection(c);
        } else if (value instanceof Map<?, ?> m) {
            writeMap(m);
        } else if (value.getClass().isArray()) {
            writeArray(value);
        } else if (!writeFunction(value) && !writeRare(value) && !writeTextual(value)) {
            throw refused(value.getClass());
        }
    }

    private boolean writeRare(Object value) {
        if (value instanceof Optional<?> o) {
            out.putByte(o.isPresent() ? Tag.OPTIONAL : Tag.EMPTY_OPTIONAL);
            if (o.isPresent()) {
                inside(".get()", o.get());
            }
        } else if (value instanceof Throwable t) {
            out.putByte(Tag.THROWABLE);
            inside("", FailureParcel.of(t));
        } else if (value instanceof ByteBuffer b) {
            byte[] bytes = new byte[b.remaining()];
            b.get(b.position(), bytes);
            out.putByte(Tag.BUFFER);
            out.putByte(b.order() == ByteOrder.LITTLE_ENDIAN ? 1 : 0);
            writeBytes(bytes);
        } else {
            return false;
        }
        return true;
    }

    /** Not as the record that it is, since each body would pay for that. */
    private void writeWork(Work work) {
        if (!functions) {
            throw refused(Work.class);
        }
        out.putByte(Tag.WORK);
        inside("", work.body());
        inside(".items", work.items());
        List<Work.Carried> context = work.context();
        out.putCount(context.size());
        for (Work.Carried carried : context) {
            inside(".context", carried);
        }
    }

    @SuppressWarnings("EnumOrdinal") // both ends are of one build
    private boolean writeTextual(Object value) {
        Textual kind = Textual.of(value);
        if (kind == null) {
            return false;
        }
        if (value instanceof Path path && path.getFileSystem() != FileSystems.getDefault()) {
            throw new Refused(path + " is a path of a file system of this process; send what it names");
        }
        out.putByte(Tag.TEXTUAL);
        out.putByte(kind.ordinal());
        out.putString(kind.text(value));
        return true;
    }

    private static Refused refused(Class<?> type) {
        return new Refused(type.getTypeName() + " cannot travel to another process; " + hint(type));
    }

    private static String hint(Class<?> type) {
        if (CompletableFuture.AsynchronousCompletionTask.class.isAssignableFrom(type)) {
            return "it is what a CompletableFuture makes of a body; give the body to ProcessPool.supplyAsync";
        }
        if (RemoteCallable.class.isAssignableFrom(type) || RemoteFunction.class.isAssignableFrom(type)) {
            return "write the function as a lambda, a method reference or a record";
        }
        if (Runnable.class.isAssignableFrom(type) || Callable.class.isAssignableFrom(type)) {
            return "write the body as a RemoteCallable or RemoteAction, or as a lambda that is also Serializable";
        }
        return "send its parts, make it a record, or register a Format for it";
    }

    /** Writes what a value holds, under the name by which it holds it. */
    private void inside(String segment, @Nullable Object value) {
        try {
            write(value);
        } catch (Refused e) {
            throw e.at(segment);
        }
    }

    private void inside(int index, @Nullable Object value) {
        try {
            write(value);
        } catch (Refused e) {
            throw e.at("[" + index + "]");
        }
    }

    /** Writes what has a form of its own, and what managers keep unread. */
    private boolean writeSpecial(Object value) {
        if (value instanceof Parcel parcel) {
            out.putByte(Tag.PARCEL);
            out.putCount(parcel.size());
            out.putBytes(parcel.bytes());
            return true;
        }
        if (value instanceof Encoded encoded) {
            out.putByte(Tag.ENCODED);
            out.putCount(encoded.size());
            behind.add(encoded);
            return true;
        }
        return SpecialForms.write(value, this);
    }

    /** Begins a value in a form of its own. */
    public Output begin(byte tag) {
        out.putByte(tag);
        return out;
    }

    /** Why a value cannot travel. */
    public static RuntimeException refused(String why) {
        return new Refused(why);
    }

    private void writeRecord(Record value) {
        RecordShape shape = RecordShape.of(value.getClass());
        out.putByte(Tag.RECORD);
        writeClass(value.getClass());
        out.putCount(shape.segments.length);
        for (int i = 0; i < shape.segments.length; i++) {
            inside(shape.segments[i], shape.component(value, i));
        }
    }

    private void writeCollection(Collection<?> collection) {
        byte tag = tag(collection);
        Object[] items = collection.toArray();
        if (tag == Tag.LIST && NumberList.write(items, out)) {
            return;
        }
        out.putByte(tag);
        out.putCount(items.length);
        for (int i = 0; i < items.length; i++) {
            inside(i, items[i]);
        }
    }

    private static byte tag(Collection<?> collection) {
        if (collection instanceof List) {
            return Tag.LIST;
        }
        if (collection instanceof SortedSet<?> sorted) {
            requireNaturalOrder(sorted.comparator(), sorted.getClass());
            return Tag.SORTED_SET;
        }
        if (collection instanceof Set) {
            return Tag.SET;
        }
        if (collection instanceof Deque) {
            return Tag.DEQUE;
        }
        throw refused(collection.getClass());
    }

    private void writeMap(Map<?, ?> map) {
        if (map instanceof SortedMap<?, ?> sorted) {
            requireNaturalOrder(sorted.comparator(), map.getClass());
        }
        out.putByte(map instanceof SortedMap ? Tag.SORTED_MAP : Tag.MAP);
        Object[] entries = map.entrySet().toArray();
        out.putCount(entries.length);
        for (Object each : entries) {
            var entry = (Map.Entry<?, ?>) each;
            inside(".key", entry.getKey());
            try {
                write(entry.getValue());
            } catch (Refused e) {
                throw e.at(".get(" + entry.getKey() + ")");
            }
        }
    }

    private static void requireNaturalOrder(@Nullable Object comparator, Class<?> type) {
        if (comparator != null) {
            throw new Refused("a " + type.getTypeName() + " with a comparator cannot travel; copy it into a list");
        }
    }

    private void writeArray(Object array) {
        if (array instanceof byte[] a) {
            out.putByte(Tag.BYTES);
            writeBytes(a);
        } else if (array instanceof int[] a) {
            out.room(Tag.INTS, a.length, Integer.BYTES).asIntBuffer().put(a);
        } else if (array instanceof long[] a) {
            out.room(Tag.LONGS, a.length, Long.BYTES).asLongBuffer().put(a);
        } else if (array instanceof double[] a) {
            out.room(Tag.DOUBLES, a.length, Double.BYTES).asDoubleBuffer().put(a);
        } else if (array instanceof float[] a) {
            out.room(Tag.FLOATS, a.length, Float.BYTES).asFloatBuffer().put(a);
        } else if (array instanceof short[] a) {
            out.room(Tag.SHORTS, a.length, Short.BYTES).asShortBuffer().put(a);
        } else if (array instanceof char[] a) {
            out.room(Tag.CHARS, a.length, Character.BYTES).asCharBuffer().put(a);
        } else if (array instanceof boolean[] a) {
            out.putByte(Tag.BOOLEANS);
            out.putCount(a.length);
            for (boolean b : a) {
                out.putByte(b ? 1 : 0);
            }
        } else {
            writeObjects((@Nullable Object[]) array);
        }
    }

    private void writeObjects(@Nullable Object[] array) {
        Class<?> component = array.getClass().getComponentType();
        if (component.isArray() && component.getComponentType().isArray()) {
            throw new Refused("an array of more than two dimensions cannot travel; use lists");
        }
        out.putByte(Tag.OBJECTS);
        writeClass(component);
        out.putCount(array.length);
        for (int i = 0; i < array.length; i++) {
            inside(i, array[i]);
        }
    }

    private boolean writeFunction(Object value) {
        SerializedLambda lambda = Functions.describe(value);
        if (lambda == null) {
            return false;
        }
        if (!functions) {
            throw new Refused("a function cannot travel back; give a value");
        }
        out.putByte(Tag.FUNCTION);
        writeBytes(Functions.names(value, lambda));
        out.putCount(lambda.getCapturedArgCount());
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object captured = lambda.getCapturedArg(i);
            try {
                write(captured);
            } catch (Refused e) {
                throw e.at(" captures value " + (i + 1) + " of " + lambda.getCapturedArgCount() + ", "
                        + (captured == null ? "null" : captured.getClass().getTypeName()) + ": value");
            }
        }
        return true;
    }

    /** A class by its name, once; then by its number. */
    public void writeClass(Class<?> type) {
        Integer known = classes.get(type);
        if (known != null) {
            out.putCount(known + 1);
            return;
        }
        classes.put(type, classes.size());
        out.putCount(0);
        out.putString(type.getName());
    }
}
