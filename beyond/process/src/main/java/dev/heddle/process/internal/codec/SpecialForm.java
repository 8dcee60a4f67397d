package dev.heddle.process.internal.codec;

/**
 * The way to travel of a type that is more than its content: whoever has such a type {@linkplain SpecialForms#register
 * registers} it, so that the codec need not know it.
 */
public interface SpecialForm {

    /** The first byte of what it writes; no other's. */
    byte tag();

    /** Writes a value, its tag first; whether the value is one of its kind, or else nothing is written. */
    boolean write(Object value, Encoder encoder);

    /** Reads what comes behind the tag. */
    Object read(Decoder decoder);
}
