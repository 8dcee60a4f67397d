package dev.heddle.net;

import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.Checks;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The options of listening on a Unix socket.
 */
public final class UnixOptions {

    /** 1,024 waiting connections, for the owner only ({@code rw-------}). */
    public static final UnixOptions DEFAULT = new UnixOptions(
            ListenOptions.DEFAULT.backlog(), PosixFilePermissions.fromString("rw-------"));

    private final int backlog;
    private final Set<PosixFilePermission> permissions;

    private UnixOptions(int backlog, Set<PosixFilePermission> permissions) {
        Checks.atLeast("backlog", backlog, 1);
        permissions = Set.copyOf(permissions);
        this.backlog = backlog;
        this.permissions = permissions;
    }

    /** Most connections that the system keeps waiting to be accepted, at least 1. */
    public int backlog() {
        return backlog;
    }

    /** Who may connect: who may write the file (unix(7)); it never has others, not even for a moment. */
    public Set<PosixFilePermission> permissions() {
        return permissions;
    }

    /** These options with another bound of waiting connections. */
    public UnixOptions withBacklog(int backlog) {
        return new UnixOptions(backlog, permissions);
    }

    /**
     * These options with other permissions.
     *
     * @param permissions as {@code ls -l} writes them: {@code rw-rw----} for the group too
     * @throws IllegalArgumentException if they are written otherwise
     */
    public UnixOptions withPermissions(String permissions) {
        return new UnixOptions(backlog, PosixFilePermissions.fromString(permissions));
    }

    @Override
    public String toString() {
        return "UnixOptions[backlog=" + backlog + ", permissions=" + permissions + "]";
    }
}
