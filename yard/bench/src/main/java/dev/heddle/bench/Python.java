package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Sides in Python; their programs are in src/main/python. */
final class Python {

    /** Where Debian's packages go; another Python of the path may not see them. */
    private static final Path SYSTEM = Path.of("/usr/bin/python3");

    private static final String PROGRAM = Files.isExecutable(SYSTEM) ? SYSTEM.toString() : "python3";

    private Python() {}

    /**
     * @param workload a function of asyncio_peer.py, with '-' for '_'
     * @param operations how many a round has
     */
    static Side asyncio(String workload, int operations) {
        return side("asyncio", "asyncio_peer.py", "asyncio", workload, operations);
    }

    static Side uvloop(String workload, int operations) {
        return side("uvloop", "asyncio_peer.py", "uvloop", workload, operations);
    }

    static Side gevent(String workload, int operations) {
        return side("gevent", "gevent_peer.py", "gevent", workload, operations);
    }

    static Side greenlet(String workload, int operations) {
        return side("greenlet", "greenlet_peer.py", "greenlet", workload, operations);
    }

    static Side generator(String workload, int operations) {
        return side("Python generator", "generator_peer.py", "sys", workload, operations);
    }

    /** CPython's multiprocessing.Pool, with two workers. */
    static Side pool(String workload, int operations) {
        return processes("Pool", workload, operations);
    }

    /** CPython's ProcessPoolExecutor, with two workers. */
    static Side executor(String workload, int operations) {
        return processes("ProcessPoolExecutor", workload, operations);
    }

    /** CPython's queues between processes; the kind is a class of multiprocessing. */
    static Side queue(String kind, String workload, int operations) {
        return Side.command(kind, command("queue_peer.py", kind, workload, Integer.toString(operations)))
                .needing(need("multiprocessing"));
    }

    /**
     * A cluster of three worker processes on this machine.
     *
     * @param kind a class of cluster_peer.py, in small letters
     * @param module what must be there
     */
    static Side cluster(String kind, String module, int bodies) {
        return Side.command(kind, command("cluster_peer.py", kind, "tiny", Integer.toString(bodies)))
                .needing(need(module));
    }

    static Stream<String> versions() {
        return Versions.lines(command("versions.py"));
    }

    /** The command that runs a program of ours. */
    static List<String> command(String script, String... arguments) {
        return Stream.concat(
                Stream.of(PROGRAM, "-B", Home.PYTHON_SOURCES.resolve(script).toString()), Stream.of(arguments))
                .toList();
    }

    static Need need(String module) {
        return new Need("apt-get install " + debianPackage(module), () -> hasModule(module));
    }

    private static Side processes(String kind, String workload, int operations) {
        return Side.command(kind, command("process_peer.py", kind, workload, Integer.toString(operations)))
                .needing(need("multiprocessing"));
    }

    private static Side side(String name, String script, String module, String workload, int operations) {
        return Side.command(name, command(script, module, workload, Integer.toString(operations)))
                .needing(need(module));
    }

    private static String debianPackage(String module) {
        return switch (module) {
            case "asyncio", "multiprocessing", "sys" -> "python3";
            case "OpenSSL" -> "python3-openssl";
            default -> "python3-" + module;
        };
    }

    private static boolean hasModule(String module) {
        try {
            return new ProcessBuilder(PROGRAM, "-c", "import " + module)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
