// Every task is a daemon of its owner, and a service is one of its group: cancelled when the others have ended, but not killed.
// Answers Threads, processes, coroutines, asyncio, program 1; Threads and coroutines, programs 9 and 10: setDaemon and join; daemons.

import static dev.heddle.Heddle.*;

void main() {
    run(this::leaveDaemonsBehind);
}

void leaveDaemonsBehind() {
    spawn("owner", this::leaveOneBehind).join();
    group(g -> {
        g.spawnService("foo", () -> count(123, Duration.ofMillis(100)));
        g.spawn("bar", () -> count(456, Duration.ofMillis(300)));
        g.spawnService("endless", () -> count(789, Duration.ofHours(1)));
        IO.println("main-------");
    });
}

void leaveOneBehind() {
    var daemon = spawn("daemon", () -> sayHello("egon"));
    checkpoint(); // the daemon begins
    IO.println("the owner ends, the daemon is alive: " + !daemon.isDone());
}

/** In Python a daemon ends in the middle of whatever it does, and neither {@code except} nor {@code finally} sees it. */
void sayHello(String name) {
    try {
        sleep(Duration.ofMillis(200));
        IO.println(name + " says hello");
    } finally {
        IO.println("the daemon cleans up");
    }
}

void count(int number, Duration time) {
    IO.println(number);
    sleep(time);
    IO.println("end" + number);
}
