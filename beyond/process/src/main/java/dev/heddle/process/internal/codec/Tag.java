package dev.heddle.process.internal.codec;

/** The first byte of each value on its way, which says what follows. */
public final class Tag {

    static final byte NULL = 0;
    public static final byte FALSE = 1;
    static final byte TRUE = 2;
    static final byte BYTE = 3;
    static final byte SHORT = 4;
    static final byte CHAR = 5;
    static final byte INT = 6;
    static final byte LONG = 7;
    static final byte FLOAT = 8;
    static final byte DOUBLE = 9;
    static final byte STRING = 10;
    static final byte BYTES = 11;
    static final byte SHORTS = 12;
    static final byte CHARS = 13;
    static final byte INTS = 14;
    static final byte LONGS = 15;
    static final byte FLOATS = 16;
    static final byte DOUBLES = 17;
    static final byte BOOLEANS = 18;
    static final byte OBJECTS = 19;
    static final byte LIST = 20;
    static final byte SET = 21;
    static final byte MAP = 22;
    static final byte SORTED_SET = 23;
    static final byte SORTED_MAP = 24;
    static final byte DEQUE = 25;
    static final byte BUFFER = 26;
    static final byte EMPTY_OPTIONAL = 27;
    static final byte OPTIONAL = 28;
    static final byte ENUM = 29;
    static final byte RECORD = 30;
    static final byte TEXTUAL = 31;
    static final byte BIG_INTEGER = 32;
    static final byte THROWABLE = 33;
    static final byte FUNCTION = 34;
    static final byte FORMATTED = 35;
    static final byte WORK = 40;
    static final byte INT_LIST = 41;
    static final byte LONG_LIST = 42;
    static final byte DOUBLE_LIST = 43;

    /** An object of a manager. */
    public static final byte SHARED = 50;

    /** An encoded value that is not looked into. */
    static final byte PARCEL = 51;

    public static final byte SHARED_MEMORY = 37;

    /** A value that was encoded before. */
    static final byte ENCODED = 52;

    private Tag() {}
}
