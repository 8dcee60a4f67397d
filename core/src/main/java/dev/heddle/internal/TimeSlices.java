package dev.heddle.internal;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * How the system shares a processor among threads; who can make system calls offers it to {@link ServiceLoader}.
 *
 * <p>Threads: any.
 */
public interface TimeSlices {

    /** One that works here, looked up once; empty if there is none. */
    static Optional<TimeSlices> find() {
        return Found.FIRST;
    }

    /** Why it cannot work here, in a few words; empty if it can. */
    Optional<String> whyNot();

    /**
     * Asks for short slices for the thread that the calling task runs on, if it is an {@link OwnThread}, so that it
     * waits less for a processor that others use. A system that does not know of slices or refuses leaves all as it is.
     */
    void shorten();

    /** Loaded when first asked for. */
    final class Found {

        private static final Optional<TimeSlices> FIRST = Services.first(TimeSlices.class,
                each -> each.whyNot().isEmpty());

        private Found() {}
    }
}
