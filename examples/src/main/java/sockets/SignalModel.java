// Signal-driven I/O: the program does something else, and a signal tells it that there is something to read.
// The fourth of the five I/O models of Unix. Here the peer sends the signal, and a task waits for it.

import static dev.heddle.Heddle.*;

import dev.heddle.os.Signals;
import dev.heddle.os.Subprocess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

void main() {
    run(this::readWhenTold);
}

void readWhenTold() throws Exception {
    Path box = Files.createTempFile("letter", ".txt");
    try (Signals signals = Signals.receive("USR1")) {
        var worker = spawn("other work", this::workOn);
        long me = ProcessHandle.current().pid();
        Subprocess.shell("printf hello > " + box + " && kill -USR1 " + me).check();
        IO.println("signal: " + signals.take());
        IO.println("read: " + offload(() -> Files.readString(box)));
        worker.cancel("no more work");
    } finally {
        Files.delete(box);
    }
}

void workOn() {
    while (true) {
        sleep(Duration.ofMillis(1));
    }
}
