package dev.heddle.linux;

import dev.heddle.engine.SpawnRequest;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * posix_spawn(3) of the C library: the one way to start a program from a process with many threads that needs no code
 * of ours between fork and exec. The second door to the system beside {@link SystemCalls}.
 *
 * <p>The child gets the descriptors 0 to 2 and no other, not even one that some library forgot to mark:
 * addclosefrom_np, in glibc since 2.34. Its signals are as those of a fresh process: nothing blocked, nothing ignored.
 *
 * <p>Threads: any. The calling thread stands still until the program has begun to run.
 */
final class PosixSpawn {

    /**
     * {@code sizeof(posix_spawnattr_t)} is 336, that of {@code posix_spawn_file_actions_t} is 80; some room is left.
     */
    private static final int OPAQUE_BYTES = 512;

    /** {@code sizeof(sigset_t)}. */
    private static final int SIGNAL_SET_BYTES = 128;

    // spawn.h
    private static final short SETPGROUP = 0x02;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    private static final int FIRST_TO_CLOSE = 3;

    // errno.h
    private static final int ENOENT = 2;
    private static final int ENOEXEC = 8;

    private static final Path SHELL = Path.of("/bin/sh");

    private static final List<String> NEWEST = List.of("posix_spawn_file_actions_addclosefrom_np",
            "posix_spawn_file_actions_addchdir_np");

    private static final MethodHandle SPAWN = link("posix_spawn", pointers(6));
    private static final MethodHandle ACTIONS_INIT = link("posix_spawn_file_actions_init", pointers(1));
    private static final MethodHandle ACTIONS_DESTROY = link("posix_spawn_file_actions_destroy", pointers(1));
    private static final MethodHandle ADD_DUP2 = link(
            "posix_spawn_file_actions_adddup2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle ADD_CHDIR = link("posix_spawn_file_actions_addchdir_np", pointers(2));
    private static final MethodHandle ADD_CLOSE_FROM = link(
            "posix_spawn_file_actions_addclosefrom_np", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle ATTRIBUTES_INIT = link("posix_spawnattr_init", pointers(1));
    private static final MethodHandle ATTRIBUTES_DESTROY = link("posix_spawnattr_destroy", pointers(1));
    private static final MethodHandle SET_FLAGS = link("posix_spawnattr_setflags", ValueLayout.ADDRESS,
            ValueLayout.JAVA_SHORT);
    private static final MethodHandle SET_GROUP = link("posix_spawnattr_setpgroup", ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT);
    private static final MethodHandle SET_DEFAULTS = link("posix_spawnattr_setsigdefault", pointers(2));
    private static final MethodHandle SET_MASK = link("posix_spawnattr_setsigmask", pointers(2));

    private PosixSpawn() {}

    /** Whether the C library has all that is needed; asks without linking anything. */
    static boolean isThere() {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        return NEWEST.stream().allMatch(name -> library.find(name).isPresent());
    }

    private static MemoryLayout[] pointers(int count) {
        MemoryLayout[] pointers = new MemoryLayout[count];
        Arrays.fill(pointers, ValueLayout.ADDRESS);
        return pointers;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    /**
     * Starts a program.
     *
     * @param standard the descriptors that become its standard input, output and error
     * @return its number
     */
    static int spawn(SpawnRequest request, int[] standard) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, Long.BYTES);
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, Long.BYTES);
            check((int) ACTIONS_INIT.invokeExact(actions));
            check((int) ATTRIBUTES_INIT.invokeExact(attributes));
            try {
                describe(request, standard, arena, actions, attributes);
                MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
                MemorySegment variables = strings(arena, Variables.of(request.environment()));
                int error = spawn(pid, request.executable(), request.command(), actions, attributes, variables);
                if (error == ENOEXEC) {
                    // As execvp(3): a text without a first line that names its interpreter is the shell's.
                    error = spawn(pid, SHELL, byShell(request), actions, attributes, variables);
                }
                if (error == ENOENT && Files.exists(request.executable())) {
                    throw new IOException("the interpreter or loader that " + request.executable()
                            + " names is not there");
                }
                check(error);
                return pid.get(ValueLayout.JAVA_INT, 0);
            } finally {
                check((int) ACTIONS_DESTROY.invokeExact(actions));
                check((int) ATTRIBUTES_DESTROY.invokeExact(attributes));
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable failure) {
            throw new AssertionError("posix_spawn could not be called", failure);
        }
    }

    private static int spawn(MemorySegment pid, Path executable, List<String> command, MemorySegment actions,
            MemorySegment attributes, MemorySegment variables) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            List<byte[]> arguments = command.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
            return (int) SPAWN.invokeExact(pid, arena.allocateFrom(executable.toString()), actions, attributes,
                    strings(arena, arguments), variables);
        }
    }

    private static List<String> byShell(SpawnRequest request) {
        List<String> command = new ArrayList<>(request.command());
        command.set(0, request.executable().toString());
        command.addFirst("sh");
        return command;
    }

    private static void describe(
            SpawnRequest request, int[] standard, Arena arena, MemorySegment actions, MemorySegment attributes)
            throws Throwable {
        for (int i = 0; i < standard.length; i++) {
            // Also where both are the same: the copy is then without the mark that closes it.
            check((int) ADD_DUP2.invokeExact(actions, standard[i], i));
        }
        check((int) ADD_CLOSE_FROM.invokeExact(actions, FIRST_TO_CLOSE));
        String directory = request.directory().toString();
        if (!directory.isEmpty()) {
            check((int) ADD_CHDIR.invokeExact(actions, arena.allocateFrom(directory)));
        }
        MemorySegment signals = arena.allocate(SIGNAL_SET_BYTES, Long.BYTES);
        check((int) SET_MASK.invokeExact(attributes, signals));
        check((int) SET_DEFAULTS.invokeExact(attributes, signals.fill((byte) -1)));
        short flags = SETSIGDEF | SETSIGMASK;
        if (request.detached()) {
            flags |= SETSID;
        } else if (leadsGroup(request)) {
            check((int) SET_GROUP.invokeExact(attributes, 0));
            flags |= SETPGROUP;
        }
        check((int) SET_FLAGS.invokeExact(attributes, flags));
    }

    /**
     * Whether a child leads a group: all do, so that what they leave behind can be found. But a terminal talks to one
     * group only, so where this process has one its children share the group, unless they were to have their own.
     */
    static boolean leadsGroup(SpawnRequest request) {
        return request.ownGroup() || request.detached() || !Terminal.IS_THERE;
    }

    private static final class Terminal {

        /** Where the field is behind the name of the program: proc(5). */
        private static final int TTY_NR = 5;

        static final boolean IS_THERE = isThere();

        private static boolean isThere() {
            try {
                String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
                return !stat.substring(stat.lastIndexOf(')')).split(" ", TTY_NR + 2)[TTY_NR].equals("0");
            } catch (IOException e) {
                return true;
            }
        }
    }

    /** An array of C strings, ended by a null pointer. */
    private static MemorySegment strings(Arena arena, List<byte[]> strings) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            array.setAtIndex(ValueLayout.ADDRESS, i,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, Arrays.copyOf(string, string.length + 1)));
        }
        return array;
    }

    /** These functions return the error itself. */
    private static void check(int errno) throws IOException {
        if (errno != 0) {
            throw new IOException(Errno.text(errno));
        }
    }
}
