package dev.heddle.http.internal.codec;

/** The source of the bytes of a body or of a part of one. */
@FunctionalInterface
public interface BodySource {

    /**
     * Reads some, waiting while there are none.
     *
     * @return how many, at least 1; 0 only if {@code count} is 0; -1 at the end
     */
    int read(byte[] target, int offset, int count);
}
