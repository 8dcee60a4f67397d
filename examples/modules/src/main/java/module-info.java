/** A program of modules whose work is done in child processes. */
module org.example.squares {
    requires dev.heddle.process;

    // Bodies of a pool travel by name, and what they capture or return by its records: both are looked at from outside.
    opens org.example.squares to
            dev.heddle.process;
}
