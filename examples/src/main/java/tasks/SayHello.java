// A task beside the main one, from a function or from a class of one's own; the main one goes on at once, or waits for it.
// Answers Threads and coroutines, programs 1 and 8: a thread from a function; a subclass of Thread; join and is_alive.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;

void main() {
    run(this::sayHelloThreeTimes);
}

void sayHelloThreeTimes() {
    IO.println("The main task goes on:");
    var beside = spawn(() -> sayHello("egon"));
    IO.println("  main task");
    beside.join(); // it would end with its owner

    IO.println("The main task waits:");
    var first = spawn(() -> sayHello("egon"));
    first.join();
    IO.println("  main task");
    IO.println("  alive: " + !first.isDone());

    IO.println("A class of its own:");
    spawn(new SayHi("egon")).join();
}

void sayHello(String name) {
    sleep(Duration.ofMillis(200));
    IO.println("  " + name + " says hello");
}

/** What a subclass of Thread is in Python: its fields are the state, its one method is what runs. A task itself is final. */
record SayHi(String name) implements Action {
    @Override
    public void run() {
        sleep(Duration.ofMillis(200));
        IO.println("  " + name + " says hello");
    }
}
