// Two coroutines that hand control to each other by name.
// Answers Threads and coroutines, program 25; Asyncio and gevent, program 8: eat(name) and play(name) with g1.switch('egon') and g2.switch() of greenlet.

import dev.heddle.generators.Coroutine;

Coroutine<String> eat;
Coroutine<String> play;

void main() {
    takeTurns();
}

void takeTurns() {
    eat = Coroutine.of(name -> {
        IO.println(name + " eats 1");
        play.switchTo("Bob");
        IO.println(name + " eats 2");
        play.switchTo("");
        return "never";
    });
    play = Coroutine.of(name -> {
        IO.println(name + " plays 1");
        eat.switchTo("");
        IO.println(name + " plays 2");
        return name + " is done";
    });
    IO.println(eat.switchTo("Ada"));
    eat.close();
}
