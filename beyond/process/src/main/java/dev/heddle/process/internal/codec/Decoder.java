package dev.heddle.process.internal.codec;

import dev.heddle.process.Format;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The decoder of values: reads what {@link Encoder} has written. Used once, by one thread. */
public final class Decoder {

    private final Codec codec;
    private final Input in;
    private final boolean functions;
    private final ClassLoader loader;
    private final List<Class<?>> classes = new ArrayList<>();

    /** The values that were encoded before, and stand at the end. */
    private final List<Encoded> encoded = new ArrayList<>(0);

    private int depth;

    Decoder(Codec codec, Input in, boolean functions, ClassLoader loader) {
        this.codec = codec;
        this.in = in;
        this.functions = functions;
        this.loader = loader;
    }

    /** Makes sure that nothing is left but the values that were encoded before, which stand behind all others. */
    void end() {
        long size = 0;
        for (Encoded each : encoded) {
            size += each.size();
        }
        if (in.remaining() != size) {
            throw new UnreadableException("there are " + in.remaining() + " bytes behind the value, not " + size);
        }
        for (Encoded each : encoded) {
            each.comes(in.part(each.size()));
        }
    }

    @Nullable Object read() {
        if (++depth > Codec.MAX_DEPTH) {
            throw new UnreadableException("a value deeper than " + Codec.MAX_DEPTH + " levels");
        }
        Object value = readAny(in.readByte());
        depth--;
        return value;
    }

    private @Nullable Object readAny(byte tag) {
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.BYTE -> in.readByte();
            case Tag.SHORT -> in.readShort();
            case Tag.CHAR -> (char) in.readShort();
            case Tag.INT -> in.readInt();
            case Tag.LONG -> in.readLong();
            case Tag.FLOAT -> Float.intBitsToFloat(in.readInt());
            case Tag.DOUBLE -> Double.longBitsToDouble(in.readLong());
            case Tag.STRING -> in.readString();
            case Tag.BIG_INTEGER -> readBigInteger();
            case Tag.TEXTUAL -> readTextual();
            case Tag.BUFFER -> readBuffer();
            case Tag.LIST -> readInto(new ArrayList<>());
            case Tag.SET -> readInto(new LinkedHashSet<>());
            case Tag.SORTED_SET -> readInto(new TreeSet<>());
            case Tag.DEQUE -> readInto(new ArrayDeque<>());
            case Tag.MAP -> readInto(new LinkedHashMap<>());
            case Tag.SORTED_MAP -> readInto(new TreeMap<>());
            case Tag.EMPTY_OPTIONAL -> Optional.empty();
            case Tag.OPTIONAL -> Optional.ofNullable(read());
            case Tag.ENUM -> readEnum();
            case Tag.RECORD -> readRecord();
            case Tag.THROWABLE -> readThrowable();
            case Tag.FUNCTION -> readFunction();
            case Tag.FORMATTED -> readFormatted();
            case Tag.PARCEL -> new Parcel(in.readBytes(in.readCount(1)));
            case Tag.ENCODED -> readEncoded();
            case Tag.SHARED -> SpecialForms.read(tag, "dev.heddle.process.shared.RemoteReference", this);
            case Tag.SHARED_MEMORY -> SpecialForms.read(tag, "dev.heddle.process.SharedMemory", this);
            case Tag.WORK -> readWork();
            case Tag.INT_LIST -> NumberList.readInts(in);
            case Tag.LONG_LIST -> NumberList.readLongs(in);
            case Tag.DOUBLE_LIST -> NumberList.readDoubles(in);
            default -> readArray(tag);
        };
    }

    private Encoded readEncoded() {
        Encoded value = Encoded.awaited(in.readCount(1));
        encoded.add(value);
        return value;
    }

    private BigInteger readBigInteger() {
        int count = in.readCount(1);
        if (count == 0) {
            throw new UnreadableException("a number without digits");
        }
        return new BigInteger(in.readBytes(count));
    }

    private Object readTextual() {
        Textual kind = Textual.numbered(in.readByte());
        if (kind == null) {
            throw new UnreadableException("a type that does not exist");
        }
        String text = in.readString();
        try {
            return kind.parse(text);
        } catch (RuntimeException e) {
            throw new UnreadableException("not a " + kind, e);
        }
    }

    private ByteBuffer readBuffer() {
        ByteOrder order = in.readByte() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return ByteBuffer.wrap(in.readBytes(in.readCount(1))).order(order);
    }

    private Object readInto(Collection<@Nullable Object> target) {
        int count = in.readCount(1);
        try {
            for (int i = 0; i < count; i++) {
                target.add(read());
            }
        } catch (NullPointerException | ClassCastException e) {
            throw new UnreadableException("elements that do not fit their collection", e);
        }
        return target;
    }

    private Object readInto(Map<@Nullable Object, @Nullable Object> target) {
        int count = in.readCount(2);
        try {
            for (int i = 0; i < count; i++) {
                target.put(read(), read());
            }
        } catch (NullPointerException | ClassCastException e) {
            throw new UnreadableException("keys that do not fit their map", e);
        }
        return target;
    }

    private Object readArray(byte tag) {
        return switch (tag) {
            case Tag.BYTES -> in.readBytes(in.readCount(1));
            case Tag.INTS -> readNumbers(ValueLayout.JAVA_INT_UNALIGNED);
            case Tag.LONGS -> readNumbers(ValueLayout.JAVA_LONG_UNALIGNED);
            case Tag.DOUBLES -> readNumbers(ValueLayout.JAVA_DOUBLE_UNALIGNED);
            case Tag.FLOATS -> readNumbers(ValueLayout.JAVA_FLOAT_UNALIGNED);
            case Tag.SHORTS -> readNumbers(ValueLayout.JAVA_SHORT_UNALIGNED);
            case Tag.CHARS -> readNumbers(ValueLayout.JAVA_CHAR_UNALIGNED);
            case Tag.BOOLEANS -> {
                int length = in.readCount(1);
                boolean[] array = (boolean[]) in.begin(boolean.class, length, Byte.BYTES);
                for (int i = 0; i < length; i++) {
                    array = i < array.length ? array : (boolean[]) in.grow(array, length);
                    array[i] = in.readByte() != 0;
                }
                yield array;
            }
            case Tag.OBJECTS -> readObjects();
            default -> throw new UnreadableException("an unknown tag, " + tag);
        };
    }

    /** An array of numbers of one type. */
    private Object readNumbers(ValueLayout type) {
        int size = (int) type.byteSize();
        int length = in.readCount(size);
        Object array = in.begin(type.carrier(), length, size);
        int room = Array.getLength(array);
        ValueLayout ordered = type.withOrder(ByteOrder.BIG_ENDIAN);
        for (int done = 0; done < length;) {
            if (done == room) {
                array = in.grow(array, length);
                room = Array.getLength(array);
            }
            int step = Math.min(room - done, Math.max(1, in.available() / size));
            MemorySegment source = MemorySegment.ofBuffer(in.view(step * size));
            MemorySegment.copy(source, ordered, 0, array, done, step);
            done += step;
        }
        return array;
    }

    private Object readObjects() {
        Class<?> component = readClass();
        if (component.isPrimitive()) {
            throw new UnreadableException("an array of " + component);
        }
        int count = in.readCount(1);
        @Nullable Object[] array = (@Nullable Object[]) in.begin(component, count, Long.BYTES);
        try {
            for (int i = 0; i < count; i++) {
                array = i < array.length ? array : (@Nullable Object[]) in.grow(array, count);
                array[i] = read();
            }
        } catch (ArrayStoreException e) {
            throw new UnreadableException("elements that do not fit their array", e);
        }
        return array;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object readEnum() {
        Class<?> type = readClass();
        String name = in.readString();
        if (!type.isEnum()) {
            throw new UnreadableException(type.getName() + " is no enum here");
        }
        try {
            return Enum.valueOf((Class) type, name);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(type.getName() + " has no such constant here", e);
        }
    }

    private Object readRecord() {
        Class<?> type = readClass();
        int count = in.readCount(1);
        if (!type.isRecord()) {
            throw new UnreadableException(type.getName() + " is no record here");
        }
        RecordShape shape = RecordShape.of(type);
        if (shape.segments.length != count) {
            throw new UnreadableException(type.getName() + " has other components here");
        }
        @Nullable Object[] components = new Object[count];
        for (int i = 0; i < count; i++) {
            components[i] = read();
        }
        try {
            return shape.make(components);
        } catch (RuntimeException e) {
            throw new UnreadableException("the constructor of " + type.getName() + " refused what came: " + e, e);
        }
    }

    public Input input() {
        return in;
    }

    public ClassLoader loader() {
        return loader;
    }

    private Object readThrowable() {
        if (read() instanceof FailureParcel parcel) {
            return parcel.unpack(loader);
        }
        throw new UnreadableException("an exception that is none");
    }

    private Object readFormatted() {
        Format<Object> format = codec.format(in.readNumber());
        Object packed = read();
        if (format == null || packed == null) {
            throw new UnreadableException("a format that does not exist here");
        }
        return format.unpack(packed);
    }

    private Object readFunction() {
        requireFunctions();
        FunctionMaker maker = codec.functions().get(in.readBytes(in.readCount(1)), loader);
        @Nullable Object[] captured = new Object[in.readCount(1)];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = read();
        }
        return maker.make(captured);
    }

    private Work readWork() {
        requireFunctions();
        Object body = read();
        if (body == null || !(read() instanceof List<?> items)) {
            throw new UnreadableException("work without a body or a list of items");
        }
        List<Work.Carried> context = new ArrayList<>();
        for (int count = in.readCount(1); count > 0; count--) {
            if (!(read() instanceof Work.Carried carried)) {
                throw new UnreadableException("a scoped value that is none");
            }
            context.add(carried);
        }
        return new Work(body, Collections.unmodifiableList(items), context);
    }

    private void requireFunctions() {
        if (!functions) {
            throw new UnreadableException("a function where none may be");
        }
    }

    public Class<?> readClass() {
        int number = in.readNumber();
        if (number > 0 && number <= classes.size()) {
            return classes.get(number - 1);
        }
        if (number != 0) {
            throw new UnreadableException("class " + number + " of " + classes.size());
        }
        Class<?> type = load(in.readString(), loader);
        classes.add(type);
        return type;
    }

    static Class<?> load(String name, ClassLoader loader) {
        return load(name, false, loader);
    }

    static Class<?> load(String name, boolean initialize, ClassLoader loader) {
        try {
            return Class.forName(name, initialize, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UnreadableException("there is no class " + name + " here", e);
        }
    }
}
