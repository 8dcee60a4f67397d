// A task beside the main one, which goes on at once, or waits for it.
// Answers Threads and coroutines, programs 1, 2 and 9: a thread from a function; a subclass of Thread; join and is_alive.

import static dev.heddle.Heddle.*;

void main() {
    run(this::sayHelloTwice);
}

void sayHelloTwice() {
    IO.println("The main task goes on:");
    var beside = spawn(() -> sayHello("egon"));
    IO.println("  main task");
    beside.join(); // it would end with its owner

    IO.println("The main task waits:");
    var first = spawn(() -> sayHello("egon"));
    first.join();
    IO.println("  main task");
    IO.println("  alive: " + !first.isDone());
}

void sayHello(String name) {
    sleep(Duration.ofMillis(200));
    IO.println("  " + name + " says hello");
}
