package dev.heddle.process;

import dev.heddle.CancelledException;
import dev.heddle.file.FileFailedException;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.internal.SystemUser;
import dev.heddle.process.internal.PrivateDirectory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a user's shared memory.
 *
 * <pre>
 *   heddle-1000/                        0700, this user's
 *     names/frames -> ../owners/7f3a/frames      made last, so that who opens it finds all its bytes
 *     owners/7f3a/.lock                          locked as long as the owner lives
 *     owners/7f3a/frames                         the bytes
 * </pre>
 *
 * <p>Whether an owner lives is asked of the kernel by its lock, fcntl(2), which ends with the process whatever ends
 * that: process ids are used again, and mean other processes in other containers.
 *
 * <p>Threads: any; everything happens behind one lock, since it is rare.
 */
final class MemoryDirectory {

    private static final int DIRECTORY_MODE = 0700;
    private static final int PERMISSIONS = 0777;
    private static final int RANDOM_BYTES = 16;

    /** The directory of this user; made when there is need for it. */
    private static @Nullable MemoryDirectory ofUser;

    private final Path root;
    private final Path names;
    private final Path owners;

    /** What this process owns; null while that is nothing. */
    private @Nullable MemoryOwner owner;

    /** What this process has created and not closed, by name. */
    private final Map<String, SharedMemory> created = new HashMap<>();

    /** What came as a handle from elsewhere, by owner and name. */
    private final Map<Path, SharedMemory> received = new HashMap<>();

    /**
     * @param root made if it is not there
     * @throws IllegalStateException if it is not this user's alone
     */
    MemoryDirectory(Path root, int user) throws IOException {
        this.root = makeOrCheck(root, user);
        names = makeOrCheck(root.resolve("names"), user);
        owners = makeOrCheck(root.resolve("owners"), user);
        Runtime.getRuntime().addShutdownHook(new Thread(this::removeAll, "end of shared memory"));
    }

    /**
     * The one that all of this process use.
     *
     * @throws IllegalStateException if it is not this user's alone
     */
    static synchronized MemoryDirectory ofUser() {
        if (ofUser == null) {
            Path memory = Path.of("/dev/shm");
            Path parent = Files.isDirectory(memory) && Files.isWritable(memory)
                    ? memory
                    : Path.of(System.getProperty("java.io.tmpdir"));
            try {
                int user = SystemUser.number();
                ofUser = new MemoryDirectory(parent.resolve(nameOf(user)), user);
            } catch (IOException e) {
                throw new FileFailedException("make the directory for shared memory in", parent, e);
            }
        }
        return ofUser;
    }

    /** The name of that of a user. */
    static String nameOf(int user) {
        return PrivateDirectory.PREFIX + user;
    }

    Path root() {
        return root;
    }

    private static Path makeOrCheck(Path directory, int user) throws IOException {
        try {
            return make(directory);
        } catch (FileAlreadyExistsException e) {
            boolean is = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
            int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            int mode = (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
            if (!is || owner != user || mode != DIRECTORY_MODE) {
                throw new IllegalStateException(
                        directory + " must be a directory of user " + user + " with mode 700, for shared memory; it is "
                                + (is ? "one" : "something else") + " of user " + owner + " with mode "
                                + Integer.toOctalString(mode) + ": have it removed");
            }
            return directory;
        }
    }

    /** Makes a directory for this user alone. */
    static Path make(Path directory) throws IOException {
        return Files.createDirectory(directory, PrivateDirectory.mode(PrivateDirectory.OURS));
    }

    static String randomName() {
        return HexFormat.of().formatHex(SecretNumbers.bytes(RANDOM_BYTES));
    }

    static boolean isOwner(String owner) {
        return owner.length() == 2 * RANDOM_BYTES && owner.chars().allMatch(HexFormat::isHexDigit);
    }

    // ---- creating ----

    synchronized SharedMemory create(String name, long bytes, String createdAt) {
        Path link = names.resolve(name);
        try {
            sweep();
            if (owner == null) {
                owner = MemoryOwner.begin(owners);
            }
            return create(owner, link, name, bytes, createdAt);
        } catch (ClosedByInterruptException e) {
            throw new CancelledException("interrupted while shared memory was created", e);
        } catch (IOException e) {
            throw new FileFailedException("create shared memory", link, e);
        } finally {
            endOwner();
        }
    }

    private SharedMemory create(MemoryOwner mine, Path link, String name, long bytes, String createdAt)
            throws IOException {
        Path file = mine.directory().resolve(name);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment segment = MemoryFile.create(file, bytes, arena);
            Files.createSymbolicLink(link, names.relativize(file));
            var memory = new SharedMemory(this, name, mine.name(), arena, segment, createdAt);
            created.put(name, memory);
            return memory;
        } catch (Throwable e) {
            arena.close();
            if (!created.containsKey(name)) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }

    // ---- opening ----

    synchronized SharedMemory open(String name) {
        Path link = names.resolve(name);
        try {
            sweep();
            Path file = names.resolve(Files.readSymbolicLink(link)).normalize();
            if (!file.startsWith(owners)) {
                throw new IOException("a link to " + file + ", which is no shared memory");
            }
            return opened(file, name);
        } catch (ClosedByInterruptException e) {
            throw new CancelledException("interrupted while shared memory was opened", e);
        } catch (NotLinkException e) {
            throw new FileFailedException("open shared memory", link, new IOException("it is no name of any", e));
        } catch (IOException e) {
            throw new FileFailedException("open shared memory", link, e);
        }
    }

    /** Memory of another owner, after whom the directory of the file is called. */
    private SharedMemory opened(Path file, String name) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            String of = String.valueOf(file.getName(file.getNameCount() - 2));
            return new SharedMemory(this, name, of, arena, MemoryFile.open(file, arena), null);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /** The one object of this process for a handle. */
    synchronized SharedMemory received(String name, String ofOwner) throws IOException {
        if (owner != null && owner.name().equals(ofOwner)) {
            SharedMemory mine = created.get(name);
            if (mine == null) {
                throw new NoSuchFileException(name, null, "its owner, this process, has closed it");
            }
            return mine;
        }
        letGoOfGone();
        Path file = owners.resolve(ofOwner).resolve(name);
        SharedMemory known = received.get(file);
        if (known != null && !known.isClosed()) {
            return known;
        }
        SharedMemory memory = opened(file, name);
        received.put(file, memory);
        return memory;
    }

    // ---- the end ----

    synchronized void close(SharedMemory memory) {
        memory.unmap();
        if (memory.isOwned() && created.remove(memory.name(), memory)) {
            removeFiles(memory);
            endOwner();
        }
    }

    private void removeFiles(SharedMemory memory) {
        try {
            Files.deleteIfExists(names.resolve(memory.name()));
            Files.deleteIfExists(owners.resolve(memory.owner()).resolve(memory.name()));
        } catch (IOException e) {
            throw new FileFailedException("remove shared memory", names.resolve(memory.name()), e);
        }
    }

    private void endOwner() {
        if (owner != null && created.isEmpty()) {
            owner.end();
            owner = null;
        }
    }

    /**
     * Before work begins in a child: unmaps what its owner has closed since, or it would be kept as long as the child
     * lives.
     */
    static void letGo() {
        MemoryDirectory used;
        synchronized (MemoryDirectory.class) {
            used = ofUser;
        }
        if (used != null) {
            used.letGoOfGone();
        }
    }

    private synchronized void letGoOfGone() {
        received.entrySet().removeIf(entry -> !Files.exists(entry.getKey()) && unmapped(entry.getValue()));
    }

    private static boolean unmapped(SharedMemory memory) {
        try {
            memory.unmap();
            return true;
        } catch (IllegalStateException e) {
            return false; // A thread uses it right now; the next time, then.
        }
    }

    /** At the end of this JVM. */
    private synchronized void removeAll() {
        for (SharedMemory leaked : new ArrayList<>(created.values())) {
            if (leaked.isReported()) {
                System.err.println(leaked.leak());
            }
            created.remove(leaked.name());
            removeFiles(leaked);
        }
        endOwner();
    }

    /** Removes what owners have left that are gone. */
    private void sweep() throws IOException {
        for (Path each : PrivateDirectory.contents(owners)) {
            if (owner != null && owner.directory().equals(each)) {
                continue;
            }
            try {
                MemoryOwner.removeIfGone(each, names);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                // What cannot be removed is in nobody's way.
            }
        }
    }
}
