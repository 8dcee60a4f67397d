// Tasks share the variables of their program: what the first one has changed, the second one sees.
// Answers Day 11, threads and asyncio, program 4: threads share global variables.

import static dev.heddle.Heddle.*;

int num = 10;

void main() {
    run(this::oneAfterTheOther);
}

void oneAfterTheOther() {
    spawn(this::test1).join();
    spawn(this::test2).join();
}

void test1() {
    for (int i = 0; i < 3; i++) {
        num++;
    }
    IO.println("test1 sees " + num);
}

void test2() {
    IO.println("test2 sees " + num);
}
