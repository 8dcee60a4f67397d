package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/**
 * The form of the payloads of a {@linkplain JobKind kind of jobs}. It reads what earlier versions of a program have
 * written, since jobs wait longer than a program runs: have it write a version, or named fields. One that compresses or
 * encrypts is a codec around another.
 *
 * <p>Threads: any, also several at the same time.
 *
 * @param <T> what a payload is to the program
 */
public interface JobCodec<T> {

    /** A text as UTF-8. */
    JobCodec<String> TEXT = new JobCodec<>() {

        @Override
        public Bytes encode(String value) {
            return Bytes.utf8(value);
        }

        @Override
        public String decode(Bytes payload) {
            return payload.utf8();
        }

        @Override
        public String toString() {
            return "text";
        }
    };

    /** The form of a value; at most 64 KiB. */
    Bytes encode(T value);

    /**
     * The value that a form stands for.
     *
     * @throws Exception if it stands for none
     */
    T decode(Bytes payload) throws Exception;
}
