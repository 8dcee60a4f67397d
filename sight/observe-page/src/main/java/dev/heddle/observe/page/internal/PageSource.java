package dev.heddle.observe.page.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that is asked for the page. Its text names it: {@code process 4711}.
 *
 * <p>Threads: any that may wait, so none of a loop.
 */
public interface PageSource {

    /**
     * Asks the program.
     *
     * @param verb what for
     * @throws ProgramUnansweredException if it does not answer
     */
    Answer ask(String verb, Map<String, String> arguments);

    /**
     * A child process of it.
     *
     * @throws ProgramUnansweredException if it has ended, or cannot be asked
     */
    PageSource child(long pid);

    /** The numbers of the child processes that can be asked, such as those of a process pool. */
    List<Long> children();

    /** An answer, line by line as they come. One thread at a time. */
    interface Answer extends AutoCloseable {

        /**
         * The next line, an object of JSON that begins with its kind; waits for it.
         *
         * @return null at the end
         * @throws ProgramUnansweredException if the program says no, does not go on or has ended
         */
        @Nullable String next();

        /** Whether more has come already, so that {@link #next} will hardly wait. */
        boolean hasMore();

        @Override
        void close();
    }
}
