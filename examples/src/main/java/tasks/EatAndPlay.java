// Who sleeps lets the other one run, also in a call of the JDK that knows nothing of tasks: there is nothing to patch.
// Answers Threads and coroutines, programs 27 to 30; Asyncio and gevent, program 9: gevent.spawn, join and value; gevent.sleep; monkey.patch_all; names under it.

import static dev.heddle.Heddle.*;

void main() {
    run(this::withSleepOfHeddle);
    run(this::withSleepOfTheJdk);
}

void withSleepOfHeddle() {
    var eating = spawn(() -> eat("egon", time -> sleep(time)));
    var playing = spawn(() -> play("egon", time -> sleep(time)));
    IO.println("main: " + eating.join() + ", " + playing.join());
}

void withSleepOfTheJdk() {
    gather(
            () -> eat(currentTask().name(), time -> Thread.sleep(time)),
            () -> play(currentTask().name(), time -> Thread.sleep(time)));
    IO.println("main");
}

String eat(String name, Sleeper sleeper) throws InterruptedException {
    IO.println(name + " eats 1");
    sleeper.sleep(Duration.ofMillis(200));
    IO.println(name + " eats 2");
    return "eaten";
}

String play(String name, Sleeper sleeper) throws InterruptedException {
    IO.println(name + " plays 1");
    sleeper.sleep(Duration.ofMillis(100));
    IO.println(name + " plays 2");
    return "played";
}

interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
}
