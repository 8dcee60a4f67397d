package dev.heddle.engine;

import java.nio.file.Path;

/** The place to which a standard stream of a child process leads. */
public sealed interface Stdio {

    /** To this process, as a stream. */
    Stdio PIPE = Simple.PIPE;

    /** To wherever this process's own stream leads. */
    Stdio INHERIT = Simple.INHERIT;

    /** To nowhere: reading gives the end, writing is forgotten. */
    Stdio DISCARD = Simple.DISCARD;

    /** For the standard error only: to where the standard output leads. */
    Stdio MERGE = Simple.MERGE;

    /** To a file or device, which must exist to be read and is made or emptied to be written; to no named pipe. */
    static Stdio file(Path path) {
        return new ToFile(path, false);
    }

    /** To the end of a file, which is made if it is not there. For output only. */
    static Stdio appendTo(Path path) {
        return new ToFile(path, true);
    }

    /** The ways that need no more words. */
    enum Simple implements Stdio {
        PIPE,
        INHERIT,
        DISCARD,
        MERGE
    }

    /**
     * A file.
     *
     * @param path relative to the directory of this process, not of the child
     * @param append whether output goes to the end of what is there
     */
    record ToFile(Path path, boolean append) implements Stdio {}
}
