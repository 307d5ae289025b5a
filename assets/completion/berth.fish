# fish completion for berth. The candidates come from `berth complete`; fish quotes them.

function __berth_complete
    command berth complete -- (commandline -cp | string collect) 2>/dev/null </dev/null
    if test $status -eq 1
        __fish_complete_path (commandline -ct)
    end
end

complete -c berth -f -a '(__berth_complete)'
