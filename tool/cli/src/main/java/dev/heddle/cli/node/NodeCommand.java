package dev.heddle.cli.node;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.util.List;

/** The command {@code heddle node}: a node of a cluster. */
public final class NodeCommand extends Command {

    public NodeCommand() {
        super("node", "be a node of a cluster, which works for the others", """
                Usage: heddle node init DIR NAME=HOST:PORT... [--cluster NAME] [--days N] [--replace NAME]
                       heddle node renew DIR [NAME...] [--days N]
                       heddle node --embedded DIR [OPTION...] [--program CLASS [ARG...]]
                       heddle node --join STORE --keys DIR [OPTION...] [--program CLASS [ARG...]]
                       heddle node class-path

                Starts a node of a cluster. It does bodies that pools of other nodes send, in processes of its own,
                until it is told to leave: then it takes no more, ends those it has, and goes.

                init makes a directory for each node, with a key, a certificate and the addresses of the others; the
                same again with other names adds nodes. Only who has a certificate of the authority in DIR is let in:
                whoever is has code run on all nodes. HOST is where the others reach a node, PORT the first of three.
                renew makes the certificates anew, of all nodes or those named: copy each over its node's, which takes
                it while it runs. A node tells each day when its own has less than 30 days left.

                With --embedded the nodes agree by ZooKeeper servers of their own, of which the first five vote and
                more than half must run. With --join they agree by a store that is there already. All nodes need the
                same class path; class-path prints the one of this command, to compile programs with.

                      --embedded DIR     the node's directory; its server runs in this process
                      --join STORE       the store: zk1:2181,zk2:2181 are servers of ZooKeeper, those that begin with
                                         http:// or https:// are of etcd
                      --keys DIR         the node's directory, with --join
                      --cluster NAME     the cluster that is meant, if DIR were to be another's (init: its name,
                                         by default that of DIR)
                      --user NAME        the user of the store; HEDDLE_STORE_PASSWORD in the environment has the
                                         password
                      --trust FILE       the certificates that sign those of the store's servers, in PEM (default:
                                         what this machine trusts; for ZooKeeper always needed with TLS)
                      --cert FILE        show the store this certificate, in PEM, with the chain behind it
                      --key FILE         its key, unless the same file has it (for ZooKeeper it must)
                  -l, --labels LIST      what it says of itself, NAME=VALUE with commas: pools choose nodes by them
                  -w, --workers N        how many processes do bodies (default: one for each processor)
                      --class-path PATH  the classes of the bodies, behind Heddle's own
                      --program CLASS    run this dev.heddle.cluster.NodeProgram in the node; when it ends, the node
                                         leaves
                      --any-program      join also if other nodes have other class paths; those with the same do
                                         bodies for each other
                      --drain TIME       how long bodies of others have to end when it leaves (default 30s)
                      --days N           for how long a certificate of init or renew is valid (default 365)
                      --replace NAME     init: the new node takes the place of one whose machine or data are lost, and
                                         its vote: when it starts, the others forget the lost one
                      --help             print this

                Exit: 0 when the program has ended, 130 after Ctrl-C, 143 after SIGTERM; 1 if it is not let in or cannot
                listen, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        if (arguments.isEmpty()) {
            throw new UsageException("it needs --embedded DIR, or --join STORE and --keys DIR");
        }
        return ClusterAccess.told(() -> {
            switch (arguments.getFirst()) {
                case "init" -> NodeInit.init(arguments.subList(1, arguments.size()), stdio);
                case "renew" -> NodeInit.renew(arguments.subList(1, arguments.size()), stdio);
                case "class-path" -> stdio.result(System.getProperty("java.class.path", "") + "\n");
                default -> new NodeRun(NodeArguments.parse(arguments), stdio).untilEnd();
            }
            return Exit.FINE;
        });
    }
}
