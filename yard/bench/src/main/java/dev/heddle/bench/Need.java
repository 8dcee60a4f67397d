package dev.heddle.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A thing that a side cannot do without and that a machine may lack.
 *
 * @param advice what to do where it is missing, such as a command that installs it
 * @param isThere looks for it
 */
record Need(String advice, BooleanSupplier isThere) {

    static Need secondProcessor(String why) {
        return new Need("a second processor, " + why, () -> Runtime.getRuntime().availableProcessors() > 1);
    }

    /** A program on the path of commands, or where Debian puts servers. */
    static Need program(String name) {
        return new Need("apt-get install " + name, () -> find(name).isPresent());
    }

    static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
