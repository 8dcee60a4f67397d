package dev.heddle.process;

import dev.heddle.file.FileFailedException;
import dev.heddle.process.internal.Offloading;
import dev.heddle.process.internal.codec.SpecialForms;
import dev.heddle.process.internal.codec.UnreadableException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Memory that several processes see at once.
 *
 * <pre>{@code
 * try (SharedMemory frame = SharedMemory.create(width * height)) {       // zeros
 *     pool.map(rows, row -> paint(frame.segment(), row));                // all paint into the same bytes, none are copied
 *     show(frame.segment());
 * }
 *
 * SharedMemory.open("frames")                                            // what another program of this user has created
 * }</pre>
 *
 * <p>It has an owner: the process that creates it. When that closes it, or ends however, the name and the memory go
 * away, once; processes that still have it mapped keep what they see. An owner that ends without closing it is told so
 * on its standard error. What one leaves that was killed is removed when any process of the user creates or opens some
 * the next time.
 *
 * <p>It travels to other processes as a handle, for instance captured in the body of a pool: to the owner as the object
 * itself, to others as one object for each process, which is unmapped once the owner has closed it. So whoever needs it
 * longest creates it.
 *
 * <p>It lies in {@code /dev/shm} where there is one, else in the directory for temporary files, in a directory that
 * only this user may enter. The room is really taken: touching it never fails later. {@link SharedLongs} and {@link
 * SharedDoubles} are numbers in it that several processes can change at a time; all else needs an order that the
 * processes keep among themselves.
 *
 * <p>Threads: any. A segment may be used by any thread until the close, and throws an {@link IllegalStateException}
 * from then on. In a simulation it is real memory. To test code that uses it, create some without a name.
 */
public final class SharedMemory implements AutoCloseable {

    static {
        SpecialForms.register(new SharedMemoryForm());
    }

    private static final int MAX_NAME_CHARS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0," + (MAX_NAME_CHARS - 1) + "}");

    /** Who creates memory for users. */
    private static final Set<String> OURS = Set.of(SharedMemory.class.getName(), SharedLongs.class.getName(),
            SharedDoubles.class.getName());

    private static final String MANAGERS = SharedMemory.class.getPackageName() + ".shared.";

    private final MemoryDirectory directory;
    private final String name;
    private final String owner;
    private final Arena arena;
    private final MemorySegment segment;

    /** Where it was created; null if this process is not the owner. */
    private final @Nullable String createdAt;

    SharedMemory(
            MemoryDirectory directory, String name, String owner, Arena arena, MemorySegment segment,
            @Nullable String createdAt) {
        this.directory = directory;
        this.name = name;
        this.owner = owner;
        this.arena = arena;
        this.segment = segment;
        this.createdAt = createdAt;
    }

    /**
     * Creates memory with a made-up name, for processes that get a handle.
     *
     * <p>Cancellation: a cancelled call has created nothing.
     *
     * @param bytes its size, at least 1
     * @throws FileFailedException if there is no room, {@code NO_SPACE}
     * @throws IllegalStateException if the directory for it is not this user's alone
     */
    public static SharedMemory create(long bytes) {
        return create(MemoryDirectory.randomName(), bytes);
    }

    /**
     * Creates memory that other processes of this user can open by name.
     *
     * <p>Cancellation: a cancelled call has created nothing.
     *
     * @param name 1 to 100 letters, digits, and {@code _ . -}, the last two not at the start
     * @param bytes its size, at least 1
     * @throws FileFailedException if there is some of this name, {@code EXISTS}, or no room, {@code NO_SPACE}
     * @throws IllegalStateException if the directory for it is not this user's alone
     */
    public static SharedMemory create(String name, long bytes) {
        requireName(name);
        if (bytes < 1) {
            throw new IllegalArgumentException("the size is " + bytes + " bytes, must be at least 1");
        }
        String at = creator();
        return Offloading.call(() -> MemoryDirectory.ofUser().create(name, bytes, at));
    }

    /**
     * Opens memory that another process has created, or this one. Each call gives a mapping of its own, for the caller
     * to close.
     *
     * <p>Cancellation: a cancelled call has opened nothing.
     *
     * @throws FileFailedException if there is none of this name, {@code NOT_FOUND}: its owner has not created it yet,
     *     or has closed it
     * @throws IllegalStateException if the directory for it is not this user's alone
     */
    public static SharedMemory open(String name) {
        requireName(name);
        return Offloading.call(() -> MemoryDirectory.ofUser().open(name));
    }

    private static void requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a name of shared memory has 1 to 100 letters, digits, and _ . - but begins with none of the last"
                            + " two: " + name);
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** For views: that their elements lie inside. */
    static void requireInside(SharedMemory memory, long firstByte, long length, int itemBytes) {
        if (firstByte < 0 || firstByte > memory.size() || firstByte % itemBytes != 0
                || length < 0 || length > (memory.size() - firstByte) / itemBytes) {
            throw new IllegalArgumentException(
                    length + " elements of " + itemBytes + " bytes from byte " + firstByte + " on do not fit into "
                            + memory + ", or begin at no multiple of " + itemBytes);
        }
    }

    /** The line that creates it, for whoever forgets to close it. */
    private static String creator() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !OURS.contains(frame.getClassName()))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse("an unknown place"));
    }

    // ---- on its way ----

    /** The owner's mark, which with the name says which memory this is: names come again. */
    String owner() {
        return owner;
    }

    /**
     * What a handle stands for in this process.
     *
     * @throws FileFailedException if it is gone
     */
    static SharedMemory received(String name, String owner) {
        if (!isName(name) || !MemoryDirectory.isOwner(owner)) {
            throw UnreadableException.of("a handle of shared memory that is none", null);
        }
        try {
            return MemoryDirectory.ofUser().received(name, owner);
        } catch (IOException e) {
            throw UnreadableException.of("shared memory " + name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    // ---- for users ----

    /** Its name, by which other processes can open it as long as it is there. */
    public String name() {
        return name;
    }

    /** Its size in bytes. */
    public long size() {
        return segment.byteSize();
    }

    /** The bytes. What is written is seen by the other processes; in which order, only atomic accesses say. */
    public MemorySegment segment() {
        return segment;
    }

    /** Whether it is closed in this process. */
    public boolean isClosed() {
        return !segment.scope().isAlive();
    }

    /**
     * Unmaps it in this process; if this process is the owner, takes the name away. Idempotent. No cancel cuts this
     * short.
     *
     * @throws IllegalStateException if a thread uses the segment right now, such as in an I/O call; nothing has changed
     */
    @Override
    public void close() {
        Offloading.despiteCancel(() -> directory.close(this));
    }

    /** Unmaps it. */
    void unmap() {
        if (segment.scope().isAlive()) {
            arena.close();
        }
    }

    boolean isOwned() {
        return createdAt != null;
    }

    /** Whether its owner is to hear that it was not closed: not that of a manager, which need not be closed. */
    boolean isReported() {
        return createdAt != null && !createdAt.contains(MANAGERS);
    }

    /** What is said to an owner that has not closed it. */
    String leak() {
        return "shared memory " + name + " (" + size() + " bytes), created at " + createdAt
                + ", was not closed; it is removed now";
    }

    @Override
    public String toString() {
        return "SharedMemory[" + name + ", " + size() + " bytes" + (isClosed() ? ", closed]" : "]");
    }
}
