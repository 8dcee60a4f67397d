package dev.heddle.process;

import java.io.IOException;

/** Programs that own shared memory and do not close it. */
final class MemoryPrograms {

    private MemoryPrograms() {}

    public static void main(String[] arguments) throws IOException {
        SharedMemory.create(arguments[1], 4096).segment().fill((byte) 1);
        System.out.println("ready");
        if (arguments[0].equals("hold")) {
            System.in.read();
        }
    }
}
