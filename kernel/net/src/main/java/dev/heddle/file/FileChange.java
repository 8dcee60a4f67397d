package dev.heddle.file;

import java.nio.file.Path;

/**
 * One change in a directory that is watched.
 *
 * @param kind what
 * @param path the file or directory, below the path that {@link FileChanges#watch(Path)} was given
 */
public record FileChange(Kind kind, Path path) {

    /** The kinds of changes. */
    public enum Kind {
        /** It is there now, also by a move; or has been there since before the watch of its new directory began. */
        CREATED,
        /** Its content, or its attributes, or both. */
        MODIFIED,
        /** It is gone, also by a move. That of the watched directory itself is the last change. */
        DELETED,
        /** More has changed in this directory or below it than could be kept: look yourself. */
        OVERFLOWED
    }
}
